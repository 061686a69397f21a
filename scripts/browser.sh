#!/bin/sh
# See that a browser and Chinese fonts are there for the journeys; install them when we may.
set -eu

has_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; }
has_fonts() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn)" ]; }

if has_browser && has_fonts; then
    exit 0
fi
packages="chromium fontconfig fonts-noto-cjk"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "浏览器测试需要 chromium 与中文字体，请先执行: sudo apt-get install -y $packages" >&2
    echo "(the journeys need chromium and Chinese fonts: run the command above," >&2
    echo "or leave them out with: make test BROWSER=no)" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
for pause in 5 15 0; do
    if apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages >/dev/null; then
        exit 0
    fi
    sleep "$pause"
done
echo "chromium 与中文字体安装失败，请检查软件源后重试 (apt-get could not install: $packages)" >&2
exit 1
