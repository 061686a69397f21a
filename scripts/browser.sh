#!/bin/sh
# See that a browser and Chinese fonts are there for the journeys; install them when we may.
set -eu

has_browser() {
    for name in chromium-headless-shell chromium chromium-browser; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}
has_fonts() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn)" ]; }

if has_browser && has_fonts; then
    exit 0
fi
# The shell draws pages alone; the whole browser also draws its own window around each of them.
packages="chromium-headless-shell fontconfig fonts-noto-cjk"
older="chromium fontconfig fonts-noto-cjk"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "浏览器测试需要 chromium 与中文字体，请先执行: sudo apt-get install -y $packages" >&2
    echo "(the journeys need chromium and Chinese fonts: run the command above," >&2
    echo "or leave them out with: make test BROWSER=no)" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
for pause in 5 15 0; do
    apt-get update -qq || true
    for wanted in "$packages" "$older"; do
        if apt-get install -y -qq --no-install-recommends $wanted >/dev/null; then
            exit 0
        fi
    done
    sleep "$pause"
done
echo "chromium 与中文字体安装失败，请检查软件源后重试 (apt-get could not install: $packages)" >&2
exit 1
