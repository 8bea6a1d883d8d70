"""Starts a server of ours and stops it again."""

import contextlib
import os
import subprocess


@contextlib.contextmanager
def served(command, environment=None, descriptors=None):
    """Runs a command that serves; yields the address that it prints and its process."""
    if descriptors is not None:
        command = ["bash", "-c", f'ulimit -n {descriptors} && exec "$@"', "served", *command]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    try:
        address = process.stdout.readline().strip()
        if not address.startswith("http"):
            raise SystemExit(f"{command} did not start: status {process.wait(30)}")
        yield address, process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
