#!/usr/bin/env python3
"""Writes what the program is made of as CycloneDX 1.6: the packages of Package.resolved and the system's libraries.

usage: scripts/sbom.py OUT.cdx.json, after a build (it fetches the packages, whose licences are read)
Equal packages and libraries give equal bytes: no time and no machine enter.
"""
import json
import pathlib
import re
import subprocess
import sys
import uuid

PROJECT = pathlib.Path(__file__).resolve().parent.parent
# pkg-config's name, licence, what it is for. GRDB brings sqlite3; the others stand in Package.swift.
LIBRARIES = [
    ("libcurl", "curl", "requests to teachers"),
    ("libzstd", "BSD-3-Clause", "shards and documents"),
    ("zlib", "Zlib", "compressed input"),
    ("sqlite3", "blessing", "the ledger"),
]
# The first words of each licence that a package of ours has.
LICENSES = [("Apache License", "Apache-2.0"), ("Permission is hereby granted, free of charge", "MIT")]


def refuse(message, hint):
    sys.exit(f"error: {message}\n\nhint: {hint}")


def license_of(identity, location):
    """The SPDX id of a package's licence file."""
    folder = PROJECT / ".build" / "checkouts" / location.rsplit("/", 1)[-1].removesuffix(".git")
    files = sorted(folder.glob("LICENSE*"))
    if not files:
        refuse(f"{folder} has no licence file", f"build first, so that {identity} is fetched")
    text = files[0].read_text(encoding="utf-8")
    for words, name in LICENSES:
        if words in text:
            return name
    refuse(f"{files[0]} is not a licence that this script knows", "add its first words to LICENSES")


def package(pin):
    state = pin["state"]
    location = pin["location"].removesuffix(".git")
    name = f"{location.removeprefix('https://')}"
    return {
        "type": "library", "bom-ref": f"pkg:swift/{name}@{state['version']}", "name": name.rsplit("/", 1)[-1],
        "version": state["version"], "purl": f"pkg:swift/{name}@{state['version']}", "scope": "required",
        "licenses": [{"license": {"id": license_of(pin["identity"], pin["location"])}}],
        "externalReferences": [
            {"type": "vcs", "url": pin["location"], "comment": f"commit {state['revision']}"}],
    }


def library(name, license_id, purpose):
    found = subprocess.run(["pkg-config", "--modversion", name], capture_output=True, text=True)
    if found.returncode != 0:
        refuse(f"pkg-config does not know {name}", "scripts/install-packages build")
    version = found.stdout.strip()
    return {
        "type": "library", "bom-ref": f"pkg:generic/{name}@{version}", "name": name, "version": version,
        "purl": f"pkg:generic/{name}@{version}", "scope": "required", "description": purpose,
        "licenses": [{"license": {"id": license_id}}],
        "properties": [{"name": "alambic:linked", "value": "from the system, dynamically"}],
    }


def main():
    if len(sys.argv) != 2:
        refuse("one argument: the file to write", "scripts/sbom.py .build/sbom.cdx.json")
    source = (PROJECT / "Sources/Basics/AlambicVersion.swift").read_text(encoding="utf-8")
    version = re.search(r'current = "([^"]+)"', source).group(1)
    resolved = PROJECT / "Package.resolved"
    if not resolved.exists():
        refuse("there is no Package.resolved", "build first: make build")
    pins = json.loads(resolved.read_text(encoding="utf-8"))["pins"]
    components = [package(pin) for pin in pins] + [library(*entry) for entry in LIBRARIES]
    root = {"type": "application", "bom-ref": f"alambic@{version}", "name": "alambic", "version": version}
    bom = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": root},
        "components": components,
        "dependencies": [{"ref": root["bom-ref"], "dependsOn": [component["bom-ref"] for component in components]}],
    }
    name = json.dumps(bom, sort_keys=True)
    bom["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"
    pathlib.Path(sys.argv[1]).write_text(json.dumps(bom, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{sys.argv[1]}: {len(components)} components of alambic {version}")


if __name__ == "__main__":
    main()
