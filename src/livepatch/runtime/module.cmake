# Needs libc only, so that any C or C++ service can link it: no exceptions, no run-time types, no C++ library.
set_target_properties(propolis_livepatch_runtime PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
target_compile_options(propolis_livepatch_runtime PRIVATE -fno-exceptions -fno-rtti -fno-threadsafe-statics)
target_link_libraries(propolis_livepatch_runtime PUBLIC Threads::Threads ${CMAKE_DL_LIBS})
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(propolis_livepatch_runtime PRIVATE -fpatchable-function-entry=0)  # who patches is not patched
endif()
