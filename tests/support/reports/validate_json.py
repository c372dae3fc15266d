"""Holds a JSON document against a JSON Schema.

    validate_json.py SCHEMA DOCUMENT

Says on stderr what is invalid, and then ends with 3. Any other code than 0 and 3 is a validator that does not work, a
missing python3-jsonschema for instance.
"""
import json
import sys

import jsonschema

schema, document = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
errors = list(jsonschema.Draft202012Validator(schema).iter_errors(document))
for error in errors:
    print(list(error.absolute_path), error.message[:200], file=sys.stderr)
sys.exit(3 if errors else 0)
