"""Reads an exported corpus with the two libraries that others read such folders with, and compares what they find."""

import json
import os
import pathlib
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
import datasets  # noqa: E402
import mlcroissant  # noqa: E402

folder = pathlib.Path(sys.argv[1])
loaded = datasets.load_dataset(str(folder), cache_dir=str(folder) + ".cache")
croissant = mlcroissant.Dataset(str(folder / "croissant.json"))
for path in sorted((folder / "data").iterdir()):
    split = path.name.split("-")[0]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert list(loaded[split]) == rows, f"datasets reads other rows of {path}"
    records = [
        {name.split("/")[1]: value.decode() if isinstance(value, bytes) else value for name, value in record.items()}
        for record in croissant.records(split)]
    assert records == rows, f"mlcroissant reads other rows of {path}"
    print(f"{split}: {len(rows)} rows, the same by datasets and by mlcroissant")
