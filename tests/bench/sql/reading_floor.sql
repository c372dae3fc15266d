-- What any comparison has to read: four ordered streams, one after another, sent and thrown away.
\o /dev/null
COPY (SELECT t.tenant, t.client_name, t.email, t.product_code, t.suspended_at, t.created_at
        FROM tenants t
       ORDER BY t.tenant) TO STDOUT;
COPY (SELECT c.client_id, c.client_name, c.properties ->> 'tenant_id', c.is_inactive
        FROM tag_definitions d
        JOIN tag_mappings m ON m.tenant = d.tenant AND m.tag_id = d.tag_id
        JOIN clients c ON c.tenant = m.tenant AND c.client_id = m.tagged_id
       WHERE d.tenant = md5('vendor')::uuid AND d.tag_text = 'PSA Customer' AND d.tagged_type = 'client'
       ORDER BY (c.properties ->> 'tenant_id')::uuid) TO STDOUT;
COPY (SELECT DISTINCT ON (u.tenant) u.tenant, u.email, u.first_name, u.last_name, u.user_id
        FROM users u
        JOIN user_roles ur ON ur.tenant = u.tenant AND ur.user_id = u.user_id
        JOIN roles r ON r.tenant = ur.tenant AND r.role_id = ur.role_id
       WHERE u.user_type = 'internal' AND u.is_inactive IS NOT TRUE
         AND r.role_name = 'Admin' AND r.msp AND NOT r.client
       ORDER BY u.tenant, u.created_at, u.user_id) TO STDOUT;
COPY (SELECT p.client_id, p.email, p.contact_name_id, p.full_name, p.is_inactive
        FROM contacts p
       WHERE p.tenant = md5('vendor')::uuid
       ORDER BY p.client_id) TO STDOUT;
