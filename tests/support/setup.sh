# What a machine needs, and how it gets it. Sourced by ./run.
# shellcheck shell=bash disable=SC2034 # what it sets is used by ./run

# The one list of packages (Debian 12). PACKAGES_CHECKS are for lint, fuzzing and their tests.
PACKAGES_BUILD=(
  ca-certificates ccache cmake g++ git libabsl-dev libboost1.81-dev libcli11-dev libfmt-dev
  libgrpc++-dev libgtest-dev libprotobuf-dev librocksdb-dev libsodium-dev libspdlog-dev libssl-dev
  libtomlplusplus-dev mold ninja-build nlohmann-json3-dev pkg-config prometheus-cpp-dev
  protobuf-compiler protobuf-compiler-grpc python3 python3-venv
)
PACKAGES_CHECKS=(clang-14 clang-format-14 libclang-rt-14-dev shellcheck)

COMETBFT_MODULE=github.com/cometbft/cometbft/cmd/cometbft@v0.39.4
GO_TOOLCHAIN=v0.0.1-go1.25.8.linux-amd64
GO_TOOLCHAIN_SHA256=8e788d62e01f4f22037f2d59c751a08b4fa5ca9c1baab8f1caee8612bc3e46d1
GRPCURL_MODULE=github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3

say() { printf '==> %s\n' "$*"; }
fail() {
  printf 'run: %s\n' "$*" >&2
  exit 1
}

is_debian() { command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

# Prints those of the packages named that are not installed.
missing_packages() {
  local package status
  for package in "$@"; do
    status=$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    [[ $status == ii* || $status == hi* ]] || printf '%s\n' "$package"
  done
}

# Installs what is missing, or says which command would. Without anything missing it is instant.
ensure_packages() {
  if ! is_debian; then
    say "no apt here: assuming that these are installed under their names elsewhere: $*"
    return 0
  fi
  local missing=() as_root=()
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -eq 0 ]] && return 0
  local install=(apt-get install --yes --no-install-recommends --no-remove "${missing[@]}")
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || fail "packages are missing, and installing them needs root. Run:
  ${install[*]}"
    as_root=(sudo)
  fi
  say "installing ${#missing[@]} packages: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update --quiet=2 ||
    say "the package lists could not be brought up to date; trying with those at hand"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}" --quiet=2 ||
    fail "apt-get failed. After mending what it says, run this again, or install by hand:
  ${install[*]}"
}

# A virtual environment under build/ with the pinned packages; VENV_PYTHON is its interpreter.
ensure_venv() {
  local venv=$BUILD_ROOT/venv requirements=$ROOT/tests/support/requirements.txt
  VENV_PYTHON=$venv/bin/python
  export VENV_PYTHON
  cmp -s "$requirements" "$venv/requirements.txt" && return 0
  say "installing the Python packages of tests/support/requirements.txt"
  /usr/bin/python3 -m venv --clear "$venv" || return 1
  "$VENV_PYTHON" -m pip install --quiet --disable-pip-version-check --requirement \
    "$requirements" || return 1
  cp "$requirements" "$venv/requirements.txt"
}

# A Go that builds the tools below: the machine's if it is new enough, else the pinned one as the Go
# project serves it to `go` itself, under build/tools. Sets GO; returns 1 with the reason in REASON.
ensure_go() {
  local minor zip=$BUILD_ROOT/tools/go.zip directory=$BUILD_ROOT/tools/go
  GO=$(command -v go || true)
  minor=$([[ -n $GO ]] && "$GO" env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [[ ${minor:-0} -ge 25 ]] && return 0
  GO=$directory/bin/go
  [[ -x $GO ]] && return 0
  REASON="a Go of version 1.25 is needed, there is none for this machine ($(uname -m))"
  [[ $(uname -sm) == "Linux x86_64" ]] || return 1
  say "fetching Go $GO_TOOLCHAIN"
  REASON="Go could not be fetched from ${GOPROXY:=https://proxy.golang.org}"
  mkdir -p "$BUILD_ROOT/tools"
  python3 - "${GOPROXY%%,*}" "$GO_TOOLCHAIN" "$GO_TOOLCHAIN_SHA256" "$zip" "$directory" <<'PYTHON' || return 1
import hashlib, os, shutil, sys, urllib.request, zipfile
proxy, version, digest, path, directory = sys.argv[1:]
prefix = f"golang.org/toolchain@{version}/"
urllib.request.urlretrieve(f"{proxy}/golang.org/toolchain/@v/{version}.zip", path)
if hashlib.sha256(open(path, "rb").read()).hexdigest() != digest:
    sys.exit("the file is not the one that was pinned")
shutil.rmtree(directory, ignore_errors=True)
with zipfile.ZipFile(path) as archive:
    for name in archive.namelist():
        target = os.path.join(directory, name[len(prefix):])
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(name) as source, open(target, "wb") as to:
            shutil.copyfileobj(source, to)
        if "/bin/" in name or "/pkg/tool/" in name:
            os.chmod(target, 0o755)
os.remove(path)
PYTHON
}

# go_install MODULE: a program into build/tools.
go_install() {
  GOBIN=$BUILD_ROOT/tools GOFLAGS=-mod=mod GOTOOLCHAIN=local "$GO" install "$1" >&2
}

# The consensus engine, exactly pinned, under build/tools. Sets COMETBFT; returns 1 with the reason in
# REASON when it cannot be had.
ensure_cometbft() {
  COMETBFT=$BUILD_ROOT/tools/cometbft
  export COMETBFT
  [[ -x $COMETBFT ]] && return 0
  ensure_go || return 1
  say "building CometBFT"
  REASON="CometBFT could not be built with $("$GO" version)"
  go_install "$COMETBFT_MODULE"
}

# grpcurl under build/tools. Sets GRPCURL; returns 1 with the reason in REASON when it cannot be had.
ensure_grpcurl() {
  GRPCURL=$BUILD_ROOT/tools/grpcurl
  export GRPCURL
  [[ -x $GRPCURL ]] && return 0
  ensure_go || return 1
  say "building grpcurl"
  REASON="grpcurl could not be built with $("$GO" version)"
  go_install "$GRPCURL_MODULE"
}
