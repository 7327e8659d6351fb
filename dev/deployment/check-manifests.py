"""Holds manifests against the schemas of Kubernetes and of KEDA; a field that they don't know is refused.

    check-manifests.py <folder of KEDA's sources> <manifest> ...
"""

import re
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

# The oldest that its makers still mend, and the newest that the schemas know.
KUBERNETES = ("1.33", "1.37")


def keda_schema(sources: Path, kind: str) -> dict:
    file = sources / "config" / "crd" / "bases" / f"keda.sh_{kind.lower()}s.yaml"
    definition = yaml.safe_load(file.read_text())
    return closed(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"])


def closed(schema: dict) -> dict:
    """The same, but with nothing allowed that it does not name: the API server would drop it silently."""
    schema = {name: closed(value) if isinstance(value, dict) else value for name, value in schema.items()}
    opens = "additionalProperties" in schema or schema.get("x-kubernetes-preserve-unknown-fields")
    # Its metadata is Kubernetes' own, of which a definition says no more than that it is there.
    if schema.get("type") == "object" and schema.get("properties") and not opens:
        schema["additionalProperties"] = False
    return schema


def kafka_words(sources: Path) -> set[str]:
    """What a trigger for Kafka reads of its metadata: the definition lets any word pass."""
    source = (sources / "pkg" / "scalers" / "kafka_scaler.go").read_text()
    constants = re.findall(r'^\s*\w*MetricName\s*=\s*"(\w+)"', source, re.MULTILINE)
    return {*constants, *re.findall(r'TriggerMetadata\["(\w+)"\]', source)}


def problems_of(manifest: dict, keda: Path) -> list[str]:
    kind = manifest["kind"]
    if manifest["apiVersion"].startswith("keda.sh/"):
        validator = jsonschema.Draft7Validator(keda_schema(keda, kind))
        problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]
        words = kafka_words(keda)
        for trigger in manifest["spec"].get("triggers", []):
            if trigger["type"] == "kafka":
                problems += [f"a trigger for Kafka knows no {word}" for word in {*trigger["metadata"]} - words]
        return problems
    problems = []
    for version in KUBERNETES:
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            where = "/".join(str(part) for part in error.path)
            problems.append(f"Kubernetes {version}: {where}: {error.message}")
    return problems


def main() -> int:
    keda, *files = (Path(argument) for argument in sys.argv[1:])
    count, failed = 0, 0
    for file in files:
        for manifest in yaml.safe_load_all(file.read_text()):
            count += 1
            for problem in problems_of(manifest, keda):
                failed += 1
                print(f"{file}: {manifest['kind']}: {problem}")
    print(f"{count} manifests, {failed} problems")
    return 1 if failed or count == 0 else 0


sys.exit(main())
