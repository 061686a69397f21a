#!/bin/sh
# Reckon the three lock files from pyproject.toml: exact versions and hashes, no addresses.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"$python" -m venv "$tools"
"$tools/bin/python" -m pip install --quiet --disable-pip-version-check pip-tools

lock() {
    "$tools/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        --no-emit-trusted-host --no-emit-options ${UPGRADE:+--upgrade} "$@"
}
# What builds us (hatchling, editables) and what builds jieba, which comes as source only.
printf 'hatchling>=1.27\neditables\nsetuptools>=80\nwheel\n' |
    lock --output-file requirements-build.lock -
lock --output-file requirements.lock pyproject.toml
lock --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
