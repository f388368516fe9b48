# Packages, flags, and the helpers that declare rows and tests.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
find_package(absl CONFIG REQUIRED)
find_package(Protobuf CONFIG QUIET)
if(NOT Protobuf_FOUND)
  find_package(Protobuf REQUIRED)
endif()
if(NOT TRIBUTARY_PURE_ONLY)
  find_package(gRPC CONFIG REQUIRED)
  find_package(RocksDB CONFIG REQUIRED)
  find_package(spdlog CONFIG REQUIRED)
  find_package(nlohmann_json CONFIG REQUIRED)
  find_package(CLI11 CONFIG REQUIRED)
  find_package(tomlplusplus CONFIG REQUIRED)
  find_package(prometheus-cpp CONFIG REQUIRED)
  find_package(Boost 1.81 REQUIRED)
endif()
if(NOT TRIBUTARY_FUZZ)
  find_package(GTest CONFIG REQUIRED)
  include(GoogleTest)
endif()

add_library(tributary_flags INTERFACE)
target_compile_options(tributary_flags INTERFACE -Wall -Wextra -Wshadow -Wpedantic
  -Wnon-virtual-dtor -Woverloaded-virtual -fno-omit-frame-pointer -pthread)
# GCC 12 sees overflows in std::string's own operator+ that are not there (GCC bugs 105329, 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(tributary_flags INTERFACE -Wno-array-bounds -Wno-restrict
    -Wno-stringop-overread -Wno-stringop-overflow)
endif()
if(TRIBUTARY_WERROR)
  target_compile_options(tributary_flags INTERFACE -Werror)
endif()
target_include_directories(tributary_flags INTERFACE ${PROJECT_SOURCE_DIR}/include
  ${PROJECT_SOURCE_DIR}/src)
if(TRIBUTARY_SANITIZE)
  add_compile_options(-fsanitize=${TRIBUTARY_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TRIBUTARY_SANITIZE})
endif()
if(TRIBUTARY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# tributary_row(name SOURCES ... [DEPENDS ...]): the library tributary_<name> of src/<name>.
# With TRIBUTARY_UNITY several of its sources are compiled as one: their headers, which are most of
# the work, once. The rows of TRIBUTARY_UNITY_EXCEPT stay apart, and all tests.
function(tributary_row name)
  cmake_parse_arguments(ROW "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(tributary_${name} STATIC ${ROW_SOURCES})
  if(TRIBUTARY_UNITY AND NOT name IN_LIST TRIBUTARY_UNITY_EXCEPT)
    set_target_properties(tributary_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
  target_link_libraries(tributary_${name} PUBLIC tributary_flags ${ROW_DEPENDS})
endfunction()

# GoogleTest and the standard headers that tests use, compiled once for all test binaries of a kind.
function(tributary_test_headers name)
  file(WRITE ${PROJECT_BINARY_DIR}/${name}.cc "")
  add_library(${name} STATIC ${PROJECT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PUBLIC tributary_flags GTest::gtest)
  # Compiled like the executables that use it.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIE ${ARGN})
  target_precompile_headers(${name} PRIVATE <gtest/gtest.h> <algorithm> <map> <memory> <optional>
    <set> <string> <vector>)
endfunction()
if(NOT TRIBUTARY_FUZZ AND TRIBUTARY_TESTS)
  tributary_test_headers(tributary_test_pch)
  if(TRIBUTARY_UNIT_FLAGS)
    tributary_test_headers(tributary_unit_test_pch ${TRIBUTARY_UNIT_FLAGS})
  endif()
endif()

# tributary_test(name SOURCES ... DEPENDS ... [LABELS ...] [TIMEOUT seconds]): a GoogleTest binary,
# each of its tests known to ctest.
function(tributary_test name)
  if(TRIBUTARY_FUZZ)
    return()
  endif()
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;DEPENDS;LABELS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${TEST_DEPENDS} tributary_test_paths tributary_flags
    GTest::gtest_main)
  if(TRIBUTARY_UNIT_FLAGS AND CMAKE_CURRENT_SOURCE_DIR MATCHES "/tests/unit/")
    target_compile_options(${name} PRIVATE ${TRIBUTARY_UNIT_FLAGS})
    target_precompile_headers(${name} REUSE_FROM tributary_unit_test_pch)
  else()
    target_precompile_headers(${name} REUSE_FROM tributary_test_pch)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}")
endfunction()

# tributary_fuzz(name SOURCES ... DEPENDS ... [GENERATE count]): a libFuzzer target with
# TRIBUTARY_FUZZ, and otherwise a test that replays tests/fuzz/corpus/<name> through the same
# LLVMFuzzerTestOneInput, then up to `count` inputs of random bytes, always the same ones, and fails
# where they do not reach everything that the target requires.
function(tributary_fuzz name)
  cmake_parse_arguments(FUZZ "" "GENERATE" "SOURCES;DEPENDS" ${ARGN})
  if(TRIBUTARY_FUZZ)
    add_executable(${name} ${FUZZ_SOURCES})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(${name} PRIVATE tributary_fuzz_support ${FUZZ_DEPENDS} tributary_flags)
  else()
    add_executable(${name}_replay ${FUZZ_SOURCES})
    target_link_libraries(${name}_replay PRIVATE tributary_fuzz_replay ${FUZZ_DEPENDS}
      tributary_flags)
    set(generate)
    if(FUZZ_GENERATE)
      set(generate --generate ${FUZZ_GENERATE})
    endif()
    add_test(NAME ${name}_corpus COMMAND ${name}_replay ${generate}
      ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
endfunction()
