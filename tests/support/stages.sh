# The stages of `./run test`, and what lint and fuzz do. Sourced by ./run.
#
# A stage is a function stage_<name>. It runs in a shell of its own, and ends
#   by returning 0       passed;
#   by `skip REASON`     skipped: a tool is missing that cannot be installed here;
#   otherwise            failed; the stages after it still run, except after a failed build.
# It may call `count PASSED FAILED SKIPPED` to report single tests; else it counts as one.
# A stage whose input file is not there yet is left out of the list.
# shellcheck shell=bash disable=SC2119,SC2120,SC2153 # it is one script with ./run

SKIPPED_STATUS=77
FUZZ_SMOKE_SECONDS=3
LOG_FILE=$BUILD_ROOT/test-log
DEMO_LOG=$BUILD_ROOT/demo.log
COUNT_FILE=$BUILD_ROOT/test-count
REASON_FILE=$BUILD_ROOT/test-reason

# ------------------------------------------------------------------------------------------------
# The list

# name | input that must exist | what it does
STAGES=(
  "build|CMakeLists.txt|build with release flags, warnings are errors"
  "unit|tests/unit|unit, property, golden and corpus tests"
  "faults|tests/property/state/planted_faults.py|faults planted in the engine, each caught"
  "models|tests/models/test_models.py|the two Python models of the money rules"
  "layers|tests/unit/base/layers_test.cc|layering, banned words, libraries"
  "lint|.clang-format|format and shell scripts"
  "asan|CMakePresets.json|address and undefined-behaviour sanitizers"
  "tsan|CMakePresets.json|thread sanitizer over the rows up to node"
  "fuzz|tests/fuzz/replay_main.cc|a short run of each fuzz target"
  "e2e|tests/e2e/CMakeLists.txt|the real daemon through its public surfaces"
  "network|tests/e2e/testnet.sh|four validators with CometBFT: killed daemons and engines, two of four away, audited"
  "grpcurl|tests/e2e/grpcurl.sh|the gRPC surface as grpcurl sees it"
  "python|tests/e2e/python_example.sh|the Python example and a verifier of the log, with nothing of ours"
  "demo|tests/e2e/demo.sh|the demo"
  "determinism|tests/determinism/CMakeLists.txt|two logs under GCC and Clang, optimised and not: the same bytes"
  "kill|tests/e2e/kill.sh|kills at random moments, audited each time"
)
QUICK_STAGES=build,unit

command_test() {
  local only="" line name input what
  while [[ $# -gt 0 ]]; do
    case $1 in
      --quick) only=$QUICK_STAGES ;;
      --all) export TRIBUTARY_TEST_ALL=1 ;;
      --only) only=${2:?"--only needs names of stages"} && shift ;;
      --list) list_stages && return ;;
      *) fail "test: unknown option '$1'" ;;
    esac
    shift
  done
  check_stage_names "$only"
  say "test: everything that CI checks, with $JOBS jobs"
  ensure_packages "${PACKAGES_BUILD[@]}"
  if [[ $only != "$QUICK_STAGES" ]]; then ensure_packages "${PACKAGES_CHECKS[@]}"; fi
  begin_counting
  for line in "${STAGES[@]}"; do
    IFS='|' read -r name input what <<<"$line"
    [[ -z $only || ",$only," == *",$name,"* ]] || continue
    [[ -e $input ]] || continue
    run_stage "$name" "$what"
    if [[ $name == build && $STAGE_RESULT == failed ]]; then break; fi
  done
  print_summary
}

list_stages() {
  local line name input what
  for line in "${STAGES[@]}"; do
    IFS='|' read -r name input what <<<"$line"
    if [[ -e $input ]]; then printf '  %-10s %s\n' "$name" "$what"; fi
  done
}

check_stage_names() {
  local name
  for name in ${1//,/ }; do
    declare -F "stage_$name" >/dev/null || fail "test: no stage '$name'; see ./run test --list"
  done
}

# ------------------------------------------------------------------------------------------------
# Running and counting

begin_counting() {
  PASSED=0 FAILED=0 SKIPPED=0 TEST_START=$SECONDS TABLE=()
  mkdir -p "$BUILD_ROOT"
}

count() { printf '%s %s %s\n' "$1" "$2" "$3" >"$COUNT_FILE"; }

skip() {
  printf '%s\n' "$*" >"$REASON_FILE"
  exit "$SKIPPED_STATUS"
}

run_stage() {
  local name=$1 what=$2 start=$SECONDS status counts=()
  rm -f "$COUNT_FILE" "$REASON_FILE"
  printf '\n==> %s: %s\n' "$name" "$what"
  set +e # a shell with -e inside, whose failure does not end this one
  (
    set -e
    "stage_$name"
  )
  status=$?
  set -e
  local seconds=$((SECONDS - start)) reason=""
  case $status in
    0) STAGE_RESULT=passed counts=(1 0 0) ;;
    "$SKIPPED_STATUS") STAGE_RESULT=SKIPPED counts=(0 0 1) reason=": $(cat "$REASON_FILE")" ;;
    *) STAGE_RESULT=failed counts=(0 1 0) ;;
  esac
  if [[ -s $COUNT_FILE ]]; then read -r -a counts <"$COUNT_FILE"; fi
  # A stage that fails although each test that it counted passed is a failure of its own.
  if [[ $STAGE_RESULT == failed && ${counts[1]} -eq 0 ]]; then counts[1]=1; fi
  PASSED=$((PASSED + counts[0])) FAILED=$((FAILED + counts[1])) SKIPPED=$((SKIPPED + counts[2]))
  printf '==> %s: %s%s (%d s)\n' "$name" "$STAGE_RESULT" "$reason" "$seconds"
  TABLE+=("$(printf '  %-8s %-8s %5d s  %s' "$name" "$STAGE_RESULT" "$seconds" "${reason#: }")")
}

print_summary() {
  printf '\n==> summary (%d s)\n' $((SECONDS - TEST_START))
  printf '%s\n' "${TABLE[@]}"
  printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
  [[ $FAILED -eq 0 ]]
}

# ctest over a build directory, its numbers counted. ctest_in DIRECTORY [OPTIONS ...]
ctest_in() {
  local directory=$1 status=0 total failed skipped
  shift
  ctest --test-dir "$directory" --parallel "$JOBS" --output-on-failure --no-tests=error "$@" 2>&1 |
    tee "$LOG_FILE" | brief_ctest || status=$?
  total=$(sed -nE 's/.*tests? failed out of ([0-9]+).*/\1/p' "$LOG_FILE" | tail -n 1)
  failed=$(sed -nE 's/.* ([0-9]+) tests? failed out of.*/\1/p' "$LOG_FILE" | tail -n 1)
  skipped=$(grep -cE '\(Skipped\)$' "$LOG_FILE" || true)
  if [[ -n $total ]]; then count $((total - failed - skipped)) "$failed" "$skipped"; fi
  return "$status"
}

# Of the tests that passed it shows one line in a hundred; everything else in full.
brief_ctest() {
  awk '/^ *Start +[0-9]+:/ { next }
       /^ *[0-9]+\/[0-9]+ Test +#.* Passed / { if (++n % 100 == 0) { print; fflush() } next }
       { print; fflush() }'
}

# The programs of a build, for the scripts that drive them.
export_programs() {
  export TRIBUTARY_BUILD=$1
  export TRIBUTARYD=$1/src/daemon/tributaryd
  export TRIBUTARY=$1/src/cli/tributary
}

# Executables of a build directory below a folder of it, as targets. executables DIRECTORY FOLDERS
executables() {
  ninja -C "$1" -t targets all | sed -nE "s#^($2/[a-z0-9_]+): CXX_EXECUTABLE_LINKER.*#\1#p" | sort
}

# ------------------------------------------------------------------------------------------------
# The stages

stage_build() {
  configure ci "$BUILD_ROOT/ci"
  compile "$BUILD_ROOT/ci"
}

stage_unit() { ctest_in "$BUILD_ROOT/ci" --label-exclude '^(e2e|long)$'; }

stage_faults() {
  /usr/bin/python3 tests/property/state/planted_faults.py --build "$BUILD_ROOT/ci"
  /usr/bin/python3 tests/property/state/planted_faults.py --build "$BUILD_ROOT/ci" --shrinking
}

stage_e2e() {
  export_programs "$BUILD_ROOT/ci"
  ctest_in "$BUILD_ROOT/ci" --label-regex '^e2e$'
}

stage_models() {
  local status=0 ran failed skipped
  /usr/bin/python3 tests/models/test_models.py 2>&1 | tee "$LOG_FILE" || status=$?
  ran=$(sed -nE 's/^Ran ([0-9]+) tests?.*/\1/p' "$LOG_FILE" | tail -n 1)
  failed=$(grep -cE '^(FAIL|ERROR): ' "$LOG_FILE" || true)
  skipped=$(sed -nE 's/.*skipped=([0-9]+).*/\1/p' "$LOG_FILE" | tail -n 1)
  if [[ -n $ran ]]; then
    count $((ran - failed - ${skipped:-0})) "$failed" "${skipped:-0}"
  fi
  return "$status"
}

stage_layers() {
  "$BUILD_ROOT/ci/tests/unit/base/base_test" --gtest_brief=1 --gtest_filter='Layer*'
}

stage_lint() { run_lint; }

stage_asan() {
  local options=(-DTRIBUTARY_PURE_ONLY=ON) directory=$BUILD_ROOT/asan-pure
  if [[ -n ${TRIBUTARY_TEST_ALL:-} ]]; then options=() directory=$BUILD_ROOT/asan; fi
  configure asan "$directory" "${options[@]}"
  compile "$directory"
  export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
  export UBSAN_OPTIONS=print_stacktrace=1
  ctest_in "$directory" --label-exclude '^(e2e|long)$'
}

# Rows in which more than one thread runs; in all others there is nothing to find.
stage_tsan() {
  local directory=$BUILD_ROOT/tsan targets=() target runner=() status=0
  configure tsan "$directory"
  mapfile -t targets < <(executables "$directory" 'tests/unit/(crypto|lineage|storage|node|consensus)')
  [[ ${#targets[@]} -gt 0 ]] || skip "no tests of rows with threads yet"
  compile "$directory" "${targets[@]}"
  # Shadow memory does not fit under every layout of addresses; without randomisation it does.
  if setarch --addr-no-randomize true 2>/dev/null; then runner=(setarch --addr-no-randomize); fi
  export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1
  for target in "${targets[@]}"; do
    say "$target"
    timeout 600 "${runner[@]}" "$directory/$target" --gtest_brief=1 || status=1
  done
  return "$status"
}

stage_fuzz() {
  command -v clang++-14 >/dev/null || skip "clang++-14 is not installed"
  FUZZ_SECONDS=$FUZZ_SMOKE_SECONDS run_fuzz
}

stage_network() {
  export_programs "$BUILD_ROOT/ci"
  ensure_cometbft || skip "$REASON"
  bash tests/e2e/testnet.sh
  bash tests/e2e/joining.sh
  bash tests/e2e/network_faults.sh 30 1
}

stage_grpcurl() {
  export_programs "$BUILD_ROOT/ci"
  ensure_grpcurl || skip "$REASON"
  bash tests/e2e/grpcurl.sh
}

stage_python() {
  export_programs "$BUILD_ROOT/ci"
  ensure_venv || skip "the Python packages could not be installed"
  bash tests/e2e/python_example.sh
}

stage_demo() {
  export_programs "$BUILD_ROOT/ci"
  TRIBUTARY_LOG_OUT=$DEMO_LOG bash tests/e2e/demo.sh
}

stage_determinism() {
  command -v clang++-14 >/dev/null || skip "clang++-14 is not installed"
  run_determinism
}

stage_kill() {
  export_programs "$BUILD_ROOT/ci"
  bash tests/e2e/kill.sh
}

# ------------------------------------------------------------------------------------------------
# Lint

# Files of the project that match the patterns, tracked or new.
project_files() {
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard -- "$@" | sort -u
  else
    local pattern
    for pattern in "$@"; do find . -path ./build -prune -o -name "$pattern" -print; done | sort -u
  fi | while read -r file; do
    if [[ -e $file ]]; then printf '%s\n' "$file"; fi
  done
}

run_lint() {
  local fix="" tidy="" status=0 sources=() scripts=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --fix) fix=1 ;;
      --tidy) tidy=1 ;;
      *) fail "lint: unknown option '$1'" ;;
    esac
    shift
  done
  mkdir -p "$BUILD_ROOT"
  command -v clang-format-14 >/dev/null || skip "clang-format-14 is not installed"
  command -v shellcheck >/dev/null || skip "shellcheck is not installed"
  mapfile -t sources < <(project_files '*.h' '*.cc')
  mapfile -t scripts < <(printf '%s\n' run .ci/run && project_files '*.sh')
  if [[ -n $fix ]]; then clang-format-14 -i "${sources[@]}"; fi
  say "clang-format over ${#sources[@]} files"
  # A line for each place; the tool's own report takes three for each.
  if ! clang-format-14 --dry-run --Werror "${sources[@]}" >"$LOG_FILE" 2>&1; then
    sed -nE 's/^([^:]+:[0-9]+):.*error:.*/\1: not formatted; .\/run lint --fix mends it/p' "$LOG_FILE" | sort -u
    status=1
  fi
  say "shellcheck over ${#scripts[@]} scripts"
  shellcheck --external-sources "${scripts[@]}" || status=1
  if [[ -n $tidy ]]; then run_tidy || status=1; fi
  return "$status"
}

run_tidy() {
  ensure_packages clang-tidy-14
  configure dev "$BUILD_ROOT/dev"
  compile "$BUILD_ROOT/dev" tributary_proto
  say "clang-tidy over src/"
  project_files 'src/*.cc' | xargs -P "$JOBS" -n 4 clang-tidy-14 -p "$BUILD_ROOT/dev" --quiet
}

# ------------------------------------------------------------------------------------------------
# Determinism

# name | C compiler | C++ compiler | flags. GCC with -O2 is the build that everything else uses; its
# determinism_test compares with the same golden file.
VARIANTS=(
  "gcc-O0|gcc|g++|-O0"
  "clang-O0|clang-14|clang++-14|-O0"
  "clang-O3|clang-14|clang++-14|-O3"
)

# Builds the pure rows in each variant, and replays the random log of tests/golden/determinism.txt
# and, where the demo has left one, its log.
run_determinism() {
  local line name c cxx flags directory failed=0 passed=0 jobs=() job
  for line in "${VARIANTS[@]}"; do
    IFS='|' read -r name c cxx flags <<<"$line"
    directory=$BUILD_ROOT/determinism-$name
    configure dev "$directory" -DTRIBUTARY_PURE_ONLY=ON -DTRIBUTARY_UNITY=ON -DCMAKE_C_COMPILER="$c" \
      -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_FLAGS_DEBUG="$flags"
    compile "$directory" replay_log
  done
  for line in "${VARIANTS[@]}"; do
    name=${line%%|*}
    say "replaying with $name"
    replay_variant "$BUILD_ROOT/determinism-$name" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do
    if wait "$job"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  done
  if [[ -s $DEMO_LOG ]]; then
    head -n 2 "$BUILD_ROOT/determinism-gcc-O0/demo"
    for line in "${VARIANTS[@]}"; do
      cmp "$BUILD_ROOT/determinism-gcc-O0/demo" "$BUILD_ROOT/determinism-${line%%|*}/demo" ||
        failed=$((failed + 1))
    done
  fi
  count "$passed" "$failed" 0
  [[ $failed -eq 0 ]]
}

# replay_variant DIRECTORY: fails where the random log comes to other bytes than the golden file.
replay_variant() {
  local replay=$1/tests/determinism/replay_log
  "$replay" random 20261 100000 >"$1/random" || return 1
  diff "$ROOT/tests/golden/determinism.txt" "$1/random" || return 1
  if [[ -s $DEMO_LOG ]]; then "$replay" file "$DEMO_LOG" >"$1/demo" || return 1; fi
}

# ------------------------------------------------------------------------------------------------
# Fuzzing

# run_fuzz [TARGET] [--target TARGET] [--minutes M] [--keep]: every target, or one, each for M minutes
# with what its corpus holds. Findings, and inputs that reach new code, stay in the build directory.
# With --keep, an input that is the first to reach an outcome of the target's list is also written to
# tests/fuzz/corpus, under the outcome's name.
run_fuzz() {
  local wanted="" seconds=${FUZZ_SECONDS:-60} directory=$BUILD_ROOT/fuzz target found=0 failed=0
  local keep="" executions=0
  while [[ $# -gt 0 ]]; do
    case $1 in
      --minutes) seconds=$((${2:?"--minutes needs a number"} * 60)) && shift ;;
      --target) wanted=${2:?"--target needs a name"} && shift ;;
      --keep) keep=1 ;;
      -*) fail "fuzz: unknown option '$1'" ;;
      *) wanted=$1 ;;
    esac
    shift
  done
  configure fuzz "$directory"
  compile "$directory"
  for target in $(executables "$directory" 'tests/fuzz/[a-z0-9_]+'); do
    if [[ -n $wanted && $(basename "$target") != "$wanted" ]]; then continue; fi
    found=$((found + 1))
    fuzz_one "$directory/$target" "$seconds" "$keep" || failed=$((failed + 1))
    executions=$((executions + FUZZ_EXECUTIONS))
  done
  [[ $found -gt 0 ]] || fail "fuzz: no such target: ${wanted:-any}"
  say "$executions executions in all"
  count $((found - failed)) "$failed" 0
  [[ $failed -eq 0 ]]
}

# fuzz_one BINARY SECONDS KEEP: sets FUZZ_EXECUTIONS.
fuzz_one() {
  local binary=$1 seconds=$2 keep=$3 name status=0
  name=$(basename "$binary")
  local seeds=$ROOT/tests/fuzz/corpus/$name corpus=$BUILD_ROOT/fuzz-corpus/$name arguments=()
  mkdir -p "$corpus" "$BUILD_ROOT/fuzz-findings"
  arguments=("$corpus")
  if [[ -d $seeds ]]; then arguments+=("$seeds"); fi
  say "$name for $seconds s"
  TRIBUTARY_FUZZ_KEEP=${keep:+$seeds} "$binary" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$BUILD_ROOT/fuzz-findings/$name-" "${arguments[@]}" >"$LOG_FILE" 2>&1 || status=1
  FUZZ_EXECUTIONS=$(sed -nE 's/^stat::number_of_executed_units: +([0-9]+).*/\1/p' "$LOG_FILE")
  FUZZ_EXECUTIONS=${FUZZ_EXECUTIONS:-0}
  if [[ $status -ne 0 ]]; then tail -n 60 "$LOG_FILE"; fi
  say "$name: $FUZZ_EXECUTIONS executions"
  return "$status"
}
