-- 1,500 tenants of one name and 1,500 half-made companies that name it as their link; or (:crowd is strangers) as many
-- of each with names of their own. Nobody has a contact.
INSERT INTO tenants (tenant, client_name, email, created_at)
VALUES (md5('vendor')::uuid, 'Nine Minds LLC', 'office@vendor.example', now() - interval '3 years');

INSERT INTO tenants (tenant, client_name, email, created_at)
SELECT md5('tenant ' || i)::uuid, CASE WHEN :'crowd' = 'crowd' THEN 'Trial' ELSE 'Trial of ' || i END,
       'admin-' || i || '@tenant.example', now() - interval '1 year'
  FROM generate_series(1, 1500) AS i;

INSERT INTO clients (tenant, client_id, client_name, properties)
SELECT md5('vendor')::uuid, md5('client ' || i)::uuid, 'Customer ' || i,
       jsonb_build_object('tenant_id', CASE WHEN :'crowd' = 'crowd' THEN 'Trial' ELSE 'Nobody ' || i END)
  FROM generate_series(1, 1500) AS i;
