-- 500 tenants whose customers are linked by name, each with 200 kB of properties that do not compress.
INSERT INTO tenants (tenant, client_name, email, created_at)
VALUES (md5('vendor')::uuid, 'Nine Minds LLC', 'office@vendor.example', now() - interval '3 years');

INSERT INTO tag_definitions (tenant, tag_id, tag_text, tagged_type, background_color, text_color)
VALUES (md5('vendor')::uuid, md5('tag')::uuid, 'PSA Customer', 'client', '#BEC5F4', '#2C3E50');

INSERT INTO tenants (tenant, client_name, email, created_at)
SELECT md5('tenant ' || i)::uuid, 'Tenant ' || i, 'admin-' || i || '@tenant.example', now() - interval '1 year'
  FROM generate_series(1, 500) AS i;

INSERT INTO clients (tenant, client_id, client_name, properties)
SELECT md5('vendor')::uuid, md5('client ' || i)::uuid, 'Tenant ' || i,
       jsonb_build_object('tenant_id', 'Tenant ' || i,
                          'notes', (SELECT string_agg(md5(i || ' ' || n), '') FROM generate_series(1, 6250) AS n))
  FROM generate_series(1, 500) AS i;

INSERT INTO contacts (tenant, client_id, full_name, email)
SELECT md5('vendor')::uuid, md5('client ' || i)::uuid, 'Ada ' || i, 'admin-' || i || '@tenant.example'
  FROM generate_series(1, 500) AS i;

INSERT INTO tag_mappings (tenant, tag_id, tagged_id, tagged_type)
SELECT md5('vendor')::uuid, md5('tag')::uuid, md5('client ' || i)::uuid, 'client'
  FROM generate_series(1, 500) AS i;
