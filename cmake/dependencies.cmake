# Every library with its reason: docs/dependencies.md.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(date REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(GMIME REQUIRED IMPORTED_TARGET gmime-3.0)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(GUMBO REQUIRED IMPORTED_TARGET gumbo)
if(PROPOLIS_TESTS)
  find_package(GTest REQUIRED)
endif()

# One precompiled header for all: what nearly every file includes and nobody edits.
file(WRITE ${CMAKE_BINARY_DIR}/pch_anchor.cpp "")
add_library(propolis_pch OBJECT ${CMAKE_BINARY_DIR}/pch_anchor.cpp)
target_include_directories(propolis_pch PRIVATE ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(propolis_pch PRIVATE fmt::fmt)
target_precompile_headers(propolis_pch PRIVATE
  <algorithm> <array> <atomic> <chrono> <cstdint> <expected> <functional> <map> <memory> <mutex> <optional> <set>
  <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector> <fmt/format.h>)
if(PROPOLIS_TESTS)
  add_library(propolis_test_pch OBJECT ${CMAKE_BINARY_DIR}/pch_anchor.cpp)
  target_include_directories(propolis_test_pch PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(propolis_test_pch PRIVATE fmt::fmt GTest::gmock)
  target_precompile_headers(propolis_test_pch PRIVATE
    <algorithm> <chrono> <functional> <memory> <optional> <string> <vector> <fmt/format.h> <gmock/gmock.h> <gtest/gtest.h>)
endif()
