"""Prints the folder of KEDA's sources, of which its schema is a part. They come as the Go module that they are:

    keda-sources.py <version> <sum as in go.sum> <folder to keep them in>

by Go where it is installed, else from the module proxies that GOPROXY names. Exit code 3 where there is neither.
"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

MODULE = "github.com/kedacore/keda/v2"


def by_go(version: str) -> Path:
    # Outside of the checkout: this is no Go project.
    asked = ["go", "mod", "download", "-json", f"{MODULE}@{version}"]
    told = subprocess.run(asked, cwd="/", stdout=subprocess.PIPE, text=True, check=False).stdout
    module = json.loads(told or "{}")
    if "Dir" not in module:
        raise OSError(module.get("Error", "go mod download failed"))
    return Path(module["Dir"])


def by_proxy(proxies: list[str], version: str, expected: str, folder: Path) -> Path:
    archive = downloaded(proxies, f"{MODULE}/@v/{version}.zip")
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        found = sum_of(files)
        if found != expected:
            raise OSError(f"KEDA {version} should have the sum {expected}, not {found}")
        # Whole or not at all, should it be broken off.
        part = folder / "part"
        shutil.rmtree(part, ignore_errors=True)
        files.extractall(part)
    kept = folder / f"{MODULE}@{version}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    return (part / f"{MODULE}@{version}").rename(kept)


def downloaded(proxies: list[str], path: str) -> bytes:
    failures = []
    for proxy in proxies:
        try:
            with urllib.request.urlopen(f"{proxy.rstrip('/')}/{path}", timeout=120) as answer:
                return answer.read()
        except OSError as error:
            failures.append(str(error))
    raise OSError(f"no proxy of GOPROXY gave {path}: {'; '.join(failures)}")


def sum_of(files: zipfile.ZipFile) -> str:
    """What go.sum calls h1: https://go.dev/ref/mod#go-sum-files"""
    lines = [f"{hashlib.sha256(files.read(name)).hexdigest()}  {name}\n" for name in sorted(files.namelist())]
    return "h1:" + base64.b64encode(hashlib.sha256("".join(lines).encode()).digest()).decode()


def main() -> int:
    version, expected, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    kept = folder / f"{MODULE}@{version}"
    proxies = re.findall(r"(?:https?|file)://[^,|]+", os.environ.get("GOPROXY", ""))
    try:
        if not kept.exists():
            if shutil.which("go"):
                kept = by_go(version)
            elif proxies:
                kept = by_proxy(proxies, version, expected, folder)
            else:
                print("Neither is Go installed nor does GOPROXY name a module proxy.", file=sys.stderr)
                return 3
    except OSError as error:
        print(f"KEDA's sources did not come: {error}", file=sys.stderr)
        return 1
    print(kept)
    return 0


sys.exit(main())
