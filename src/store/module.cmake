target_link_libraries(propolis_store PRIVATE PkgConfig::SQLITE)

# Migrations are built in: one assembler file that includes the SQL text, one table of them.
function(propolis_embed_migrations folder)
  file(GLOB migrations CONFIGURE_DEPENDS ${folder}/*.sql)
  list(SORT migrations)
  set(assembler ".section .rodata\n")
  set(externs "")
  set(rows "")
  foreach(path IN LISTS migrations)
    get_filename_component(stem ${path} NAME_WE)
    if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
      message(FATAL_ERROR "A migration is named NNNN_name.sql, not ${stem}")
    endif()
    set(number ${CMAKE_MATCH_1})
    set(name ${CMAKE_MATCH_2})
    set(symbol propolis_migration_${number}_${name})
    string(APPEND assembler ".global ${symbol}\n.global ${symbol}_end\n${symbol}:\n.incbin \"${path}\"\n${symbol}_end:\n.byte 0\n")
    string(APPEND externs "extern \"C\" const char ${symbol}[];\nextern \"C\" const char ${symbol}_end[];\n")
    math(EXPR plain "1${number} - 10000")  # without the zeros in front
    string(APPEND rows "      {${plain}, \"${name}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
  endforeach()
  string(APPEND assembler ".section .note.GNU-stack,\"\",@progbits\n")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/migrations.S CONTENT "${assembler}" @ONLY)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/migrations.cpp CONTENT
"#include \"store/migrations.h\"

${externs}
namespace propolis::store {

std::span<const Migration> EmbeddedMigrations() {
  static const std::vector<Migration> all = {
${rows}  };
  return all;
}

}  // namespace propolis::store
" @ONLY)
  set_source_files_properties(${CMAKE_BINARY_DIR}/generated/migrations.S PROPERTIES OBJECT_DEPENDS "${migrations}")
  target_sources(propolis_store PRIVATE ${CMAKE_BINARY_DIR}/generated/migrations.S ${CMAKE_BINARY_DIR}/generated/migrations.cpp)
endfunction()
propolis_embed_migrations(${CMAKE_SOURCE_DIR}/src/store/migrations)
