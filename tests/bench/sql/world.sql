-- A vendor and :tenants tenants, each with an admin, 8 roles, and :prefill companies of its own with a contact
-- and a billing profile each. Nobody is a customer yet. Ids follow from numbers: every run has the same world.
-- The rows hold their references by construction, so nothing is checked while they are loaded.
SET session_replication_role = replica;

INSERT INTO tenants (tenant, client_name, email, created_at)
VALUES (md5('vendor')::uuid, 'Nine Minds LLC', 'office@vendor.example', now() - interval '3 years');

INSERT INTO tag_definitions (tenant, tag_id, tag_text, tagged_type, background_color, text_color)
VALUES (md5('vendor')::uuid, md5('tag')::uuid, 'PSA Customer', 'client', '#BEC5F4', '#2C3E50');

INSERT INTO tenants (tenant, client_name, email, created_at)
SELECT md5('tenant ' || i)::uuid, 'Tenant ' || i, 'admin-' || i || '@tenant.example', now() - interval '1 year'
  FROM generate_series(1, :tenants) AS i;

INSERT INTO users (tenant, user_id, username, hashed_password, first_name, last_name, email, created_at)
SELECT md5('tenant ' || i)::uuid, md5('admin ' || i)::uuid, 'admin-' || i, 'x', 'Ada', 'Number ' || i,
       'admin-' || i || '@tenant.example', now() - interval '1 year'
  FROM generate_series(1, :tenants) AS i;

-- Two of them are named Admin, as everywhere: one for the platform's side, one for the customers'.
INSERT INTO roles (tenant, role_id, role_name, msp, client)
SELECT md5('tenant ' || i)::uuid, md5('role ' || i || ' ' || r.n)::uuid, r.name, r.n <= 6, r.n > 6
  FROM generate_series(1, :tenants) AS i,
       unnest(ARRAY['Admin', 'Manager', 'Technician', 'Dispatcher', 'Finance', 'Project Manager',
                    'Admin', 'User']) WITH ORDINALITY AS r (name, n);

INSERT INTO user_roles (tenant, user_id, role_id)
SELECT md5('tenant ' || i)::uuid, md5('admin ' || i)::uuid, md5('role ' || i || ' 1')::uuid
  FROM generate_series(1, :tenants) AS i;

INSERT INTO clients (tenant, client_id, client_name, properties, notes)
SELECT md5('tenant ' || i)::uuid, md5('client ' || i || ' ' || n)::uuid, 'Client ' || n || ' of ' || i,
       '{"website": ""}', 'Unrelated'
  FROM generate_series(1, :tenants) AS i, generate_series(1, :prefill) AS n;

INSERT INTO contacts (tenant, contact_name_id, full_name, client_id, email)
SELECT md5('tenant ' || i)::uuid, md5('contact ' || i || ' ' || n)::uuid, 'Contact ' || n,
       md5('client ' || i || ' ' || n)::uuid, 'contact-' || n || '@client-of-' || i || '.example'
  FROM generate_series(1, :tenants) AS i, generate_series(1, :prefill) AS n;

INSERT INTO client_billing_profiles (tenant, billing_profile_id, client_id, name, is_default,
                                     is_system_managed_default)
SELECT md5('tenant ' || i)::uuid, md5('profile ' || i || ' ' || n)::uuid,
       md5('client ' || i || ' ' || n)::uuid, 'Client ' || n || ' of ' || i, true, true
  FROM generate_series(1, :tenants) AS i, generate_series(1, :prefill) AS n;
