# Warnings, hardening, sanitizers: the same for every module.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fno-omit-frame-pointer -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Wthread-safety -Wno-gnu-statement-expression-from-macro-expansion)
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  add_link_options(-fuse-ld=lld)
else()
  # g++ 12 reports false positives inside its own library with these.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-dangling-reference)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PROPOLIS_SANITIZE)
  add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
add_link_options(-Wl,-z,relro,-z,now -Wl,--build-id=sha1)
add_compile_options(-fPIE)  # by hand: CMake gives libraries -fPIC and programs -fPIE, and the two cannot share a header
add_link_options(-pie)

# Room for live patches at every function (docs/livepatch.md): 14 bytes before the entry, one two-byte no-operation at
# it. g++ 12 writes two one-byte no-operations instead, which no store replaces at once: its builds take no patches.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_BUILD_TYPE STREQUAL "Release"
   AND NOT PROPOLIS_SANITIZE AND NOT PROPOLIS_FUZZ AND NOT PROPOLIS_COVERAGE)
  add_compile_options(-fpatchable-function-entry=16,14)
endif()

if(PROPOLIS_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
elseif(PROPOLIS_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()
if(PROPOLIS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # the fuzzer follows the branches of what it tests
endif()
if(PROPOLIS_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
