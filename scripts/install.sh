#!/bin/sh
# Install the project and one lock file into .venv. Nothing runs here whose hash is not in a lock.
set -eu
cd "$(dirname "$0")/.."
lock=$1
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "需要 Python 3.11 或更新版本 (Python 3.11 or newer is needed): make ... PYTHON=python3.12" >&2
    exit 1
fi
# A half-made or outdated environment is made anew; a sound one is kept.
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    "$python" -m venv --clear .venv
fi

echo "正在安装 $lock (第一次约需一分钟) …" >&2
# --no-compile: the tests of numpy and its like are a third of all files and are never imported.
pip() { .venv/bin/python -m pip install -qq --disable-pip-version-check --no-compile "$@"; }
pip --require-hashes -r requirements-build.lock
pip --require-hashes --no-build-isolation -r "$lock"
pip --no-deps --no-build-isolation --editable .
# Some packages ship files for other Pythons that do not compile; nobody imports those.
.venv/bin/python -W ignore -m compileall -q -j 0 -x "/tests?/" .venv/lib >/dev/null || true
