# propolis_embed(TARGET SYMBOL FILE): the bytes of FILE in the program as <SYMBOL>_begin .. <SYMBOL>_end (assembler .incbin:
# no compiler sees them).
function(propolis_embed target symbol file)
  set(source ${CMAKE_BINARY_DIR}/embed/${symbol}.S)
  file(WRITE ${source}.new
    ".section .rodata\n.balign 16\n.global ${symbol}_begin\n.global ${symbol}_end\n${symbol}_begin:\n.incbin \"${file}\"\n${symbol}_end:\n.byte 0\n.section .note.GNU-stack,\"\",%progbits\n")
  file(COPY_FILE ${source}.new ${source} ONLY_IF_DIFFERENT)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${file})
  target_sources(${target} PRIVATE ${source})
endfunction()
