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
constexpr off_t kCompactAt = 32 << 10;  // bytes: some fifty switches
constexpr size_t kMaxBuilds = 16;       // whose highest levels are kept
constexpr size_t kMaxStarts = 8;        // more failed ones are not told apart
constexpr size_t kLine = 256;
const char* const kNames[] = {"LOADING", "ARMED", "COMMITTED", "ACTIVE", "BACKED_OUT", "STARTING"};

int journal = -1;
int home = -1;  // the folder
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

struct Entry {
  const char* line;  // without its end
  size_t size;
  char step[16];
  char digest[66];
  unsigned level;
  char build[66];
  [[nodiscard]] bool Is(Step wanted) const { return strcmp(step, NameOf(wanted)) == 0; }
  [[nodiscard]] bool IsNone() const { return strcmp(digest, "-") == 0; }
};

// False: the line was torn or changed, and does not count.
bool Parse(const char* line, size_t size, Entry* entry) {
  const char* check_at = static_cast<const char*>(memrchr(line, ' ', size));
  if (check_at == nullptr || size >= kLine) {
    return false;
  }
  char copy[kLine];
  memcpy(copy, line, size);
  copy[size] = 0;
  const auto text = static_cast<size_t>(check_at - line);
  entry->line = line;
  entry->size = size;
  return strtoul(copy + text + 1, nullptr, 16) == CheckOf(line, text) &&
         sscanf(copy, "%15s %65s %u %65s", entry->step, entry->digest, &entry->level, entry->build) == 4 &&
         IsDigest(entry->digest);
}

void Take(const Entry& entry, JournalState* state) {
  if (entry.Is(Step::kActive)) {
    state->failed_starts = 0;
  } else if (entry.Is(Step::kStarting)) {
    ++state->failed_starts;
  } else if (entry.Is(Step::kCommitted)) {
    const bool ours = strcmp(entry.build, build) == 0;
    const bool runs = ours && !entry.IsNone();
    state->superseded = !ours && !entry.IsNone();
    snprintf(state->wanted, sizeof state->wanted, "%s", runs ? entry.digest : "");
    state->level = runs ? entry.level : 0;
    if (runs && entry.level >= state->highest) {
      state->highest = entry.level;
      snprintf(state->highest_digest, sizeof state->highest_digest, "%s", entry.digest);
    }
  }
}

// What of a journal still matters: the highest level of each build, what was committed last, the starts since.
struct Essence {
  Entry highest[kMaxBuilds];
  size_t builds = 0;
  Entry last;
  bool committed = false;
  Entry starts[kMaxStarts];
  size_t start_count = 0;

  void Add(const Entry& entry) {
    if (entry.Is(Step::kActive)) {
      start_count = 0;
    } else if (entry.Is(Step::kStarting) && start_count < kMaxStarts) {
      starts[start_count++] = entry;
    } else if (entry.Is(Step::kCommitted)) {
      last = entry;
      committed = true;
      AddLevel(entry);
    }
  }

 private:
  void AddLevel(const Entry& entry) {
    if (entry.IsNone()) {
      return;
    }
    for (size_t i = 0; i < builds; ++i) {
      if (strcmp(highest[i].build, entry.build) == 0) {
        highest[i] = entry.level >= highest[i].level ? entry : highest[i];
        return;
      }
    }
    if (builds == kMaxBuilds) {  // the oldest build goes
      memmove(highest, highest + 1, (kMaxBuilds - 1) * sizeof highest[0]);
      --builds;
    }
    highest[builds++] = entry;
  }
};

template <class Visit>
void ForEachEntry(const char* text, size_t size, Visit visit) {
  const char* end = text + size;
  for (const char* line = text; line < end;) {
    const char* stop = static_cast<const char*>(memchr(line, '\n', static_cast<size_t>(end - line)));
    if (stop == nullptr) {
      return;
    }
    Entry entry;
    if (Parse(line, static_cast<size_t>(stop - line), &entry)) {
      visit(entry);
    }
    line = stop + 1;
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

bool WriteEntry(int file, const Entry& entry) {
  return WriteAll(file, entry.line, entry.size) && WriteAll(file, "\n", 1);
}

bool WriteEssence(int file, const Essence& essence) {
  for (size_t i = 0; i < essence.builds; ++i) {
    if (!WriteEntry(file, essence.highest[i])) {
      return false;
    }
  }
  if (essence.committed && !WriteEntry(file, essence.last)) {
    return false;
  }
  for (size_t i = 0; i < essence.start_count; ++i) {
    if (!WriteEntry(file, essence.starts[i])) {
      return false;
    }
  }
  return fsync(file) == 0;
}

// The journal with only what matters, in its place by one rename. When it cannot be done, the long one remains.
void Compact() {
  size_t size = 0;
  char* text = lseek(journal, 0, SEEK_SET) == 0 ? ReadFile(journal, kMaxJournal, &size) : nullptr;
  if (text == nullptr) {
    return;
  }
  Essence essence;
  ForEachEntry(text, size, [&](const Entry& entry) { essence.Add(entry); });
  const int fresh = openat(home, "journal.new", O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fresh >= 0 && WriteEssence(fresh, essence) && renameat(home, "journal.new", home, "journal") == 0) {
    close(journal);
    journal = fresh;
    fsync(home);
  } else if (fresh >= 0) {
    close(fresh);
  }
  free(text);
}

bool IsLong() {
  struct stat status;
  return fstat(journal, &status) == 0 && status.st_size > kCompactAt;
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
  home = fcntl(folder, F_DUPFD_CLOEXEC, 0);
  journal = openat(folder, "journal", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (journal < 0 || home < 0) {
    CloseJournal();
    return false;
  }
  size_t size = 0;
  char* text = ReadFile(journal, kMaxJournal, &size);
  if (text == nullptr) {
    CloseJournal();
    return false;
  }
  const bool torn = size > 0 && text[size - 1] != '\n';
  ForEachEntry(text, size, [&](const Entry& entry) { Take(entry, state); });
  free(text);
  // What was torn gets an end, so that the next line stands by itself.
  if ((torn && !WriteAll(journal, "\n", 1)) || fsync(journal) != 0 || fsync(folder) != 0) {
    return false;
  }
  if (IsLong()) {
    Compact();
  }
  return true;
}

void CloseJournal() {
  int* const files[] = {&journal, &home};
  for (int* file : files) {
    if (*file >= 0) {
      close(*file);
      *file = -1;
    }
  }
}

bool Record(Step step, const char* digest, uint32_t level) {
  char line[kLine];
  int length =
      snprintf(line, sizeof line - 16, "%s %s %u %s", NameOf(step), digest[0] == 0 ? "-" : digest, level, build);
  const auto text = static_cast<size_t>(length);
  length += snprintf(line + text, sizeof line - text, " %08x\n", CheckOf(line, text));
  if (journal < 0 || !WriteAll(journal, line, static_cast<size_t>(length)) || fsync(journal) != 0) {
    return false;
  }
  if (step == Step::kActive && IsLong()) {
    Compact();
  }
  return true;
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
