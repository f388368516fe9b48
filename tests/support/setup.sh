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

# grpcurl under build/tools, built with Go if there is one. Sets GRPCURL; returns 1 with the reason
# in REASON when it cannot be had.
ensure_grpcurl() {
  GRPCURL=$BUILD_ROOT/tools/grpcurl
  export GRPCURL
  [[ -x $GRPCURL ]] && return 0
  REASON="grpcurl needs Go to be built, and there is none"
  command -v go >/dev/null || return 1
  say "building grpcurl"
  mkdir -p "$BUILD_ROOT/tools"
  REASON="grpcurl could not be built with $(go version)"
  GOBIN=$BUILD_ROOT/tools GOFLAGS=-mod=mod go install "$GRPCURL_MODULE" >&2
}
