"""validate.py SCHEMA < DOCUMENT: the JSON document must fit the schema. Prints
what doesn't and exits 1."""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
faults = list(jsonschema.Draft202012Validator(schema).iter_errors(json.load(sys.stdin)))
for fault in faults:
    print("/".join(map(str, fault.absolute_path)), fault.message)
sys.exit(bool(faults))
