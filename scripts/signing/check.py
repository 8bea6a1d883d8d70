"""Lets alambic and model_signing judge each other's signatures of a bundle, whole and damaged.

usage: check.py ALAMBIC BUNDLE.alambic.tar, in a folder for keys
"""
import os
import random
import subprocess
import sys
import tarfile

alambic, archive = sys.argv[1], os.path.abspath(sys.argv[2])
place = os.path.dirname(archive)
with tarfile.open(archive) as tar:
    tar.extractall(place, filter="data")
    name = tar.getnames()[0].split("/")[0]
folder, signature = f"{place}/{name}", f"{place}/{name}.sig"
model_signing = [sys.executable, "-m", "model_signing"]


def run(*command):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def succeed(*command):
    status, output = run(*command)
    assert status == 0, (command, output)


def judge(public_key):
    """What model_signing says of the folder, as its manual has it: with nothing but the signature and the key."""
    return run(*model_signing, "verify", "key", folder, "--signature", signature, "--public_key", public_key)


def with_change(path, change, public_key):
    with open(path, "rb") as file:
        whole = file.read()
    with open(path, "wb") as file:
        file.write(change(whole))
    answer = judge(public_key)
    with open(path, "wb") as file:
        file.write(whole)
    return answer


def flipped(data, generator):
    position = generator.randrange(len(data))
    return data[:position] + bytes([data[position] ^ 1 << generator.randrange(8)]) + data[position + 1:]


def keys(curve, *options):
    private, public = f"{curve}.pem", f"{curve}.pub.pem"
    succeed("openssl", "ecparam", "-name", curve, "-genkey", *options, "-out", private)
    succeed("openssl", "ec", "-in", private, "-pubout", "-out", public)
    return private, public


pairs = [keys("prime256v1", "-noout"), keys("secp384r1"), keys("secp521r1", "-noout")]
for private, public in pairs:
    succeed(alambic, "sign", archive, "--key", private)
    status, output = judge(public)
    assert status == 0 and "Verification succeeded" in output, output
    print(f"model_signing accepts alambic's signature by {private}")
    os.remove(signature)
    succeed(*model_signing, "sign", "key", folder, "--private_key", private, "--signature", signature)
    for subject in (archive, folder) if private == pairs[0][0] else (folder,):
        succeed(alambic, "verify", subject, "--signed-by", public, "--quiet")
    print(f"alambic accepts model_signing's signature by {private}")

private, public = pairs[0]
succeed(alambic, "sign", folder, "--key", private)
status, output = judge(pairs[1][1])
assert status != 0 and "Key mismatch" in output, output
generator = random.Random(15)
for path in sorted(os.path.relpath(os.path.join(parent, file), folder)
                   for parent, _, files in os.walk(folder) for file in files):
    status, output = with_change(f"{folder}/{path}", lambda data: flipped(data, generator), public)
    assert status != 0 and path in output, (path, output)
    print(f"model_signing refuses a changed byte of {path}")
with open(f"{folder}/more.txt", "w") as file:
    file.write("x")
status, output = judge(public)
assert status != 0 and "more.txt" in output, output
print("model_signing refuses a file too many")
