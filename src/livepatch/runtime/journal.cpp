#include "livepatch/runtime/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "livepatch/runtime/plan.h"

namespace propolis::livepatch {
namespace {

constexpr off_t kMaxJournal = 8 << 20;
constexpr size_t kLine = 256;
const char* const kNames[] = {"LOADING", "ARMED", "COMMITTED", "ACTIVE", "BACKED_OUT", "STARTING"};

int journal = -1;
char build[65];

// FNV-1a, so that a line that was half written or half overwritten is seen. Who may write the folder may write lines.
uint32_t CheckOf(const char* text, size_t size) {
  uint32_t check = 2166136261U;
  for (size_t i = 0; i < size; ++i) {
    check = (check ^ static_cast<unsigned char>(text[i])) * 16777619U;
  }
  return check;
}

bool IsDigest(const char* text) {
  return strcmp(text, "-") == 0 || (strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64);
}

void Take(char* line, JournalState* state) {
  char* check_at = strrchr(line, ' ');
  if (check_at == nullptr ||
      strtoul(check_at + 1, nullptr, 16) != CheckOf(line, static_cast<size_t>(check_at - line))) {
    return;
  }
  char step[16];
  char digest[66];
  char line_build[66];
  unsigned level = 0;
  if (sscanf(line, "%15s %65s %u %65s", step, digest, &level, line_build) != 4 || !IsDigest(digest)) {
    return;
  }
  const bool ours = strcmp(line_build, build) == 0;
  if (strcmp(step, NameOf(Step::kActive)) == 0) {
    state->failed_starts = 0;
  } else if (strcmp(step, NameOf(Step::kStarting)) == 0) {
    ++state->failed_starts;
  } else if (strcmp(step, NameOf(Step::kCommitted)) == 0) {
    const bool none = strcmp(digest, "-") == 0;
    state->superseded = !ours && !none;
    snprintf(state->wanted, sizeof state->wanted, "%s", ours && !none ? digest : "");
    state->level = ours && !none ? level : 0;
    if (ours && !none && level >= state->highest) {
      state->highest = level;
      snprintf(state->highest_digest, sizeof state->highest_digest, "%s", digest);
    }
  }
}

bool ReadAll(int file, char* bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    const ssize_t got = read(file, bytes + done, size - done);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return false;
    }
    done += static_cast<size_t>(got);
  }
  return true;
}

bool WriteAll(int file, const char* bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    const ssize_t put = write(file, bytes + done, size - done);
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put <= 0) {
      return false;
    }
    done += static_cast<size_t>(put);
  }
  return true;
}

// The whole file, freed by the caller.
char* ReadFile(int file, off_t limit, size_t* size) {
  struct stat status;
  if (fstat(file, &status) != 0 || status.st_size > limit) {
    return nullptr;
  }
  *size = static_cast<size_t>(status.st_size);
  char* bytes = static_cast<char*>(malloc(*size + 1));
  if (bytes != nullptr && !ReadAll(file, bytes, *size)) {
    free(bytes);
    return nullptr;
  }
  if (bytes != nullptr) {
    bytes[*size] = 0;
  }
  return bytes;
}

void PatchName(const char* digest, const char* suffix, char* name, size_t size) {
  snprintf(name, size, "%s.patch%s", digest, suffix);
}

}  // namespace

const char* NameOf(Step step) { return kNames[static_cast<int>(step)]; }

bool OpenJournal(int folder, const uint8_t* build_id, uint32_t build_id_size, JournalState* state) {
  memset(state, 0, sizeof *state);
  for (uint32_t i = 0; i < build_id_size && i < 32; ++i) {
    snprintf(build + 2 * i, 3, "%02x", build_id[i]);
  }
  journal = openat(folder, "journal", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (journal < 0) {
    return false;
  }
  size_t size = 0;
  char* text = ReadFile(journal, kMaxJournal, &size);
  if (text == nullptr) {
    CloseJournal();
    return false;
  }
  const bool torn = size > 0 && text[size - 1] != '\n';
  for (char* line = text; line < text + size;) {
    char* end = strchr(line, '\n');
    if (end == nullptr) {
      break;
    }
    *end = 0;
    Take(line, state);
    line = end + 1;
  }
  free(text);
  // What was torn gets an end, so that the next line stands by itself.
  return (!torn || WriteAll(journal, "\n", 1)) && fsync(journal) == 0 && fsync(folder) == 0;
}

void CloseJournal() {
  if (journal >= 0) {
    close(journal);
    journal = -1;
  }
}

bool Record(Step step, const char* digest, uint32_t level) {
  char line[kLine];
  int length =
      snprintf(line, sizeof line - 16, "%s %s %u %s", NameOf(step), digest[0] == 0 ? "-" : digest, level, build);
  const auto text = static_cast<size_t>(length);
  length += snprintf(line + text, sizeof line - text, " %08x\n", CheckOf(line, text));
  return journal >= 0 && WriteAll(journal, line, static_cast<size_t>(length)) && fsync(journal) == 0;
}

bool KeepPatch(int folder, const char* digest, const void* bytes, size_t size) {
  char name[96];
  char draft[96];
  PatchName(digest, "", name, sizeof name);
  PatchName(digest, ".new", draft, sizeof draft);
  if (faccessat(folder, name, R_OK, 0) == 0) {
    return true;
  }
  const int file = openat(folder, draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) {
    return false;
  }
  const bool written = WriteAll(file, static_cast<const char*>(bytes), size) && fsync(file) == 0;
  close(file);
  return written && renameat(folder, draft, folder, name) == 0 && fsync(folder) == 0;
}

void* ReadPatch(int folder, const char* digest, size_t* size) {
  char name[96];
  PatchName(digest, "", name, sizeof name);
  const int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) {
    return nullptr;
  }
  char* bytes = ReadFile(file, kMaxPatchBytes, size);
  close(file);
  return bytes;
}

}  // namespace propolis::livepatch
