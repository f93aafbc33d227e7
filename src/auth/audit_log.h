// Reading the audit log.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "auth/actor.h"
#include "base/time.h"
#include "store/store.h"

namespace propolis::auth {

struct AuditFilter {
  std::optional<Uuid> actor;
  std::string act;                     // "ticket.reply", or "ticket." for all of a noun; empty: all
  std::int64_t ticket = 0;             // number; 0: all
  std::optional<Time> from;            // inclusive
  std::optional<Time> to;              // exclusive
  std::optional<std::int64_t> before;  // seq: only older ones
  int limit = 50;
};

struct AuditRow {
  std::int64_t seq = 0;
  Time at;
  audit::Leaf leaf;
};

struct AuditPage {
  std::vector<AuditRow> rows;        // the newest first
  std::optional<std::int64_t> next;  // `before` of the next page; a page that looked long enough may be short
};

Result<AuditPage> AuditLog(store::ReadTx& tx, const Actor& actor, const AuditFilter& filter);

}  // namespace propolis::auth
