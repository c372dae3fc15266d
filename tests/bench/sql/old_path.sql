-- What the creation workflow used to do for one tenant: a company, its contact and its tag, in three transactions
-- of single rows. For pgbench -M extended.
SELECT t.tenant, t.client_name AS name, t.product_code AS product, u.email,
       u.first_name || ' ' || u.last_name AS full_name, md5('vendor')::uuid AS vendor
  FROM tenants t
  JOIN users u ON u.tenant = t.tenant
 WHERE t.tenant = (SELECT md5('tenant ' || nextval('turn'))::uuid) \gset

BEGIN;
SELECT set_config('app.current_tenant', :vendor, true);
SELECT tenant FROM tenants WHERE tenant = :vendor;
SELECT client_id FROM clients WHERE tenant = :vendor AND client_name = :name;
INSERT INTO clients (tenant, client_name, notes, properties)
VALUES (:vendor, :name, 'PSA Customer - Tenant: ' || :name,
        jsonb_build_object('tenant_id', :name::text, 'subscription_type', :product::text))
RETURNING client_id AS client \gset
INSERT INTO client_billing_profiles (tenant, client_id, name, is_default, is_system_managed_default)
VALUES (:vendor, :client, :name, true, true);
SELECT * FROM clients WHERE tenant = :vendor AND client_id = :client;
COMMIT;

BEGIN;
SELECT set_config('app.current_tenant', :vendor, true);
SELECT client_id FROM clients WHERE tenant = :vendor AND client_id = :client;
SELECT contact_name_id FROM contacts WHERE tenant = :vendor AND email = :email;
INSERT INTO contacts (tenant, client_id, full_name, email, role, notes)
VALUES (:vendor, :client, :full_name, :email, 'Admin', 'Primary admin for PSA tenant')
RETURNING contact_name_id AS contact \gset
SELECT * FROM contacts WHERE tenant = :vendor AND contact_name_id = :contact;
COMMIT;

BEGIN;
SELECT set_config('app.current_tenant', :vendor, true);
SELECT client_id FROM clients WHERE tenant = :vendor AND client_id = :client;
SELECT tag_id AS tag FROM tag_definitions
 WHERE tenant = :vendor AND tag_text = 'PSA Customer' AND tagged_type = 'client' \gset
SELECT mapping_id FROM tag_mappings WHERE tenant = :vendor AND tag_id = :tag AND tagged_id = :client;
INSERT INTO tag_mappings (tenant, tag_id, tagged_id, tagged_type) VALUES (:vendor, :tag, :client, 'client');
SELECT * FROM tag_mappings WHERE tenant = :vendor AND tag_id = :tag AND tagged_id = :client;
COMMIT;
