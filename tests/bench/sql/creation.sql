-- How a tenant comes to be, without customer tracking: four transactions. For pgbench -M extended.
\set n random(1, 1000000000000)
BEGIN;
INSERT INTO tenants (client_name, email, created_at)
VALUES ('New ' || :n::text, 'admin-' || :n::text || '@new.example', now())
RETURNING tenant \gset
INSERT INTO clients (tenant, client_name) VALUES (:tenant, 'New ' || :n::text)
RETURNING client_id AS client \gset
INSERT INTO client_billing_profiles (tenant, client_id, name, is_default, is_system_managed_default)
VALUES (:tenant, :client, 'New ' || :n::text, true, true);
COMMIT;

BEGIN;
INSERT INTO roles (tenant, role_name, msp, client)
SELECT :tenant::uuid, r.name, r.n <= 6, r.n > 6
  FROM unnest(ARRAY['Admin', 'Manager', 'Technician', 'Dispatcher', 'Finance', 'Project Manager',
                    'Admin', 'User']) WITH ORDINALITY AS r (name, n);
COMMIT;

BEGIN;
INSERT INTO users (tenant, username, hashed_password, first_name, last_name, email)
VALUES (:tenant, 'admin-' || :n::text, 'x', 'Ada', 'New', 'admin-' || :n::text || '@new.example')
RETURNING user_id AS admin \gset
INSERT INTO user_roles (tenant, user_id, role_id)
SELECT r.tenant, :admin::uuid, r.role_id
  FROM roles r
 WHERE r.tenant = :tenant::uuid AND r.role_name = 'Admin' AND r.msp;
COMMIT;

BEGIN;
INSERT INTO tax_regions (tenant, region_code, region_name) VALUES (:tenant, 'US-NY', 'New York');
INSERT INTO tag_definitions (tenant, tag_text, tagged_type) VALUES (:tenant, 'VIP', 'client');
COMMIT;
