"""validate.py FOLDER: each NAME.json in it must fit NAME.schema, or with NAME.misfit
beside them must not, for want of a member. Prints what is wrong and exits 1."""
import json
import pathlib
import sys

import jsonschema


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


wrong = 0
schemas = sorted(pathlib.Path(sys.argv[1]).glob("*.schema"))
for path in schemas:
    schema = load(path)
    jsonschema.Draft202012Validator.check_schema(schema)
    document = load(path.with_suffix(".json"))
    faults = list(jsonschema.Draft202012Validator(schema).iter_errors(document))
    if path.with_suffix(".misfit").exists():
        if not any(fault.validator == "required" for fault in faults):
            print(f"{path.stem}: fits, and should not")
            wrong += 1
        continue
    for fault in faults:
        print(f"{path.stem}: {'/'.join(map(str, fault.absolute_path))} {fault.message}")
    wrong += bool(faults)
print(f"{len(schemas)} documents, {wrong} wrong")
sys.exit(bool(wrong) or not schemas)
