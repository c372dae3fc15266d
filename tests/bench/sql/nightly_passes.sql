-- What a run has to read beside `plan` wherever something is out of step: who holds the addresses that are wanted,
-- and, as its proof, the contacts of the companies that it has changed. No index of the real schema finds an address
-- in whatever spelling, nor the contacts of a company: each takes a pass over the vendor's contacts.
-- The tenants are those of drift.sql. The two go one after the other, since the second sees what was written between.
SELECT array_agg('admin-' || i || '@tenant.example') AS addresses
  FROM generate_series(1000, :tenants, 1000) AS i
 WHERE i / 1000 % 10 < 6 \gset
SELECT array_agg(client_id) AS companies
  FROM generate_series(1000, :tenants, 1000) AS i
  JOIN clients c ON c.tenant = md5('vendor')::uuid AND c.client_name = 'Tenant ' || i \gset
SELECT count(*)
  FROM contacts
 WHERE tenant = md5('vendor')::uuid AND lower(btrim(email)) = ANY (:'addresses'::text[]);
SELECT count(*)
  FROM contacts
 WHERE tenant = md5('vendor')::uuid AND client_id = ANY (:'companies'::uuid[]);
