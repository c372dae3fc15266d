-- The baseline of `apply`, and the maker of the states in which everyone is a customer: all that are missing, in
-- one statement without journal and proof. :link is what is stamped: t.tenant, or t.client_name for legacy rows.
WITH admins AS (
    SELECT DISTINCT ON (u.tenant) u.tenant, u.email, concat_ws(' ', u.first_name, u.last_name) AS full_name
      FROM users u
      JOIN user_roles ur ON ur.tenant = u.tenant AND ur.user_id = u.user_id
      JOIN roles r ON r.tenant = ur.tenant AND r.role_id = ur.role_id
     WHERE u.user_type = 'internal' AND u.is_inactive IS NOT TRUE
       AND r.role_name = 'Admin' AND r.msp AND NOT r.client
     ORDER BY u.tenant, u.created_at, u.user_id
), wanted AS MATERIALIZED (
    SELECT md5('vendor')::uuid AS vendor, gen_random_uuid() AS client_id, t.client_name, a.email, a.full_name,
           jsonb_build_object('tenant_id', :link, 'subscription_type', t.product_code) AS properties
      FROM tenants t
      LEFT JOIN admins a ON a.tenant = t.tenant
     WHERE t.tenant <> md5('vendor')::uuid
       AND NOT EXISTS (SELECT FROM clients c
                        WHERE c.tenant = md5('vendor')::uuid AND c.client_name = t.client_name)
), companies AS (
    INSERT INTO clients (tenant, client_id, client_name, notes, properties)
    SELECT vendor, client_id, client_name, 'PSA Customer - Tenant: ' || client_name, properties FROM wanted
), profiles AS (
    INSERT INTO client_billing_profiles (tenant, client_id, name, is_default, is_system_managed_default)
    SELECT vendor, client_id, client_name, true, true FROM wanted
), people AS (
    INSERT INTO contacts (tenant, client_id, full_name, email, primary_email_canonical_type, role, notes)
    SELECT vendor, client_id, full_name, email, 'work', 'Admin', 'Primary admin for PSA tenant' FROM wanted
)
INSERT INTO tag_mappings (tenant, tag_id, tagged_id, tagged_type)
SELECT vendor, md5('tag')::uuid, client_id, 'client' FROM wanted;
