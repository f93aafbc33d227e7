// Why a mail came back: from the enhanced status (RFC 3463), the reply code and the words of the other side.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "channels/mail/dsn.h"

namespace propolis::mail {
namespace {

using S = std::string_view;

struct Words {
  S reason;
  S words;  // in lower case; found anywhere
};

// What leaves no doubt, whatever the status says. Looked for in this order.
constexpr Words kCertain[] = {
    {"authfailure", "dmarc"},
    {"authfailure", "spf record"},
    {"authfailure", "spf check"},
    {"authfailure", "spf fail"},
    {"authfailure", "dkim fail"},
    {"authfailure", "does not have authentication information"},
    {"authfailure", "unauthenticated email"},
    {"authfailure", "sender policy framework"},
    {"authfailure", "domainkeys"},
    {"notcompliantrfc", "not rfc 5322 compliant"},
    {"notcompliantrfc", "multiple subject"},
    {"notcompliantrfc", "multiple 'from"},
    {"notcompliantrfc", "rfc 5322 compliant"},
    {"notcompliantrfc", "addresses in from: header"},
    {"requireptr", "ptr record"},
    {"requireptr", "reverse dns"},
    {"requireptr", "ip name lookup failed"},
    {"requireptr", "cannot find your hostname"},
    {"requireptr", "no ptr"},
    {"requireptr", "cannot resolve your address"},
    {"requireptr", "does not have a valid reverse"},
    {"requireptr", "mismatches client ip"},
    {"requireptr", "rdns"},
    {"requireptr", "sender ip reverse"},
    {"requireptr", "unresolvable relay host"},
    {"requireptr", "ip address not resolved"},
    {"badreputation", "low reputation"},
    {"badreputation", "ip reputation"},
    {"badreputation", "poor reputation"},
    {"badreputation", "bad reputation"},
    {"badreputation", "reputation of"},
    {"virusdetected", "virus"},
    {"virusdetected", "malware"},
    {"virusdetected", "infected"},
    {"speeding", "at a rate that"},
    {"speeding", "sending rate"},
    {"speeding", "too many messages"},
    {"speeding", "mail sent too fast"},
    {"toomanyconn", "too many connections"},
    {"toomanyconn", "connection rate limit"},
    {"toomanyconn", "too many recipients"},
    {"toomanyconn", "concurrent"},
    {"mailboxfull", "mailbox full"},
    {"mailboxfull", "mailbox is full"},
    {"mailboxfull", "over quota"},
    {"mailboxfull", "quota exceeded"},
    {"mailboxfull", "overquota"},
    {"mailboxfull", "exceeded quota"},
    {"mailboxfull", "exceeded the quota"},
    {"mailboxfull", "exceeds quota"},
    {"mailboxfull", "quota limit"},
    {"mailboxfull", "disk quota"},
    {"mailboxfull", "out of storage"},
    {"mailboxfull", "mailbox size limit"},
    {"mailboxfull", "exceeded storage"},
    {"mailboxfull", "insufficient disk"},
    {"mailboxfull", "exceeded the space limit"},
    {"mailboxfull", "mailbox exceeds"},
    {"mailboxfull", "maildir over"},
    {"mailboxfull", "not enough storage space"},
    {"mailboxfull", "inbox is full"},
    {"mailboxfull", "exceeded the maximum mailbox"},
    {"mailboxfull", "quotaexceeded"},
    {"mailboxfull", "would exceed mailbox"},
    {"mailboxfull", "user is over"},
    {"mailboxfull", "account is full"},
    {"mailboxfull", "mailfolder is full"},
    {"mailboxfull", "exceeding its mailbox"},
    {"mailboxfull", "over the maximum allowed"},
    {"mailboxfull", "full mailbox"},
    {"mailboxfull", "mailfolder quota"},
    {"mailboxfull", "has exceeded its"},
    {"mailboxfull", "has insufficient space"},
    {"mailboxfull", "disk full"},
    {"mailboxfull", "bandwidth limit"},
    {"norelaying", "relay access denied"},
    {"norelaying", "relaying denied"},
    {"norelaying", "not configured to relay"},
    {"norelaying", "relay not permitted"},
    {"norelaying", "unable to relay"},
    {"norelaying", "relaying not permitted"},
    {"norelaying", "relay denied"},
    {"norelaying", "we do not relay"},
    {"norelaying", "not a relay"},
    {"norelaying", "relaying prohibited"},
    {"norelaying", "email address is not verified"},
    {"norelaying", "relay operation rejected"},
    {"norelaying", "open relay"},
    {"norelaying", "no relaying"},
    {"hasmoved", "has moved"},
    {"hasmoved", "no longer on server"},
    {"hasmoved", "address changed"},
    {"hasmoved", "has been replaced by"},
    {"spamdetected", "spam"},
    {"spamdetected", " ube"},
    {"spamdetected", "unsolicited"},
    {"spamdetected", "bulk mail"},
    {"spamdetected", "junk mail"},
    {"notaccept", "doesn't receive email"},
    {"notaccept", "does not receive mail"},
    {"notaccept", "null mx"},
    {"notaccept", "nullmx"},
    {"notaccept", "does not accept mail"},
    {"notaccept", "does not accept email"},
    {"notaccept", "host does not accept"},
    {"notaccept", "system not accepting"},
    {"notaccept", "no mx record accepts"},
    {"notaccept", "not accept mail"},
    {"networkerror", "dns error"},
};

// What decides only where no telling status does.
constexpr Words kLikely[] = {
    {"blocked", "blocked using"},
    {"blocked", "blacklist"},
    {"blocked", "blocklist"},
    {"blocked", "black list"},
    {"blocked", "banned sending ip"},
    {"blocked", "client host blocked"},
    {"blocked", "client host rejected"},
    {"blocked", "refused to talk to me"},
    {"blocked", "connection refused by"},
    {"blocked", "connection dropped"},
    {"blocked", "dnsbl"},
    {"blocked", "rbl"},
    {"blocked", "your ip address"},
    {"blocked", "spamhaus"},
    {"blocked", "access from ip address"},
    {"blocked", "service not available, closing transmission"},
    {"blocked", "ip address blocked"},
    {"blocked", "(bl)"},
    {"blocked", "connections not accepted"},
    {"rejected", "sender address rejected"},
    {"rejected", "domain of sender address"},
    {"rejected", "sender verify"},
    {"rejected", "sender rejected"},
    {"rejected", "not permitted to post"},
    {"rejected", "you are not allowed to post"},
    {"rejected", "you do not have permission"},
    {"rejected", "may not have permission to post"},
    {"rejected", "sender not allowed"},
    {"rejected", "bad sender"},
    {"rejected", "invalid sender"},
    {"rejected", "administrative prohibition"},
    {"rejected", "your access to submit messages"},
    {"rejected", "is not allowed to send"},
    {"rejected", "sender denied"},
    {"rejected", "unable to verify sender"},
    {"rejected", "email address is on senderfilter"},
    {"rejected", "server does not accept mail from"},
    {"rejected", "transaction refused"},
    {"suspend", "disabled recipient"},
    {"suspend", "account has been disabled"},
    {"suspend", "account is disabled"},
    {"suspend", "is disabled"},
    {"suspend", "mailbox is frozen"},
    {"suspend", "suspended"},
    {"suspend", "recipient account is blocked"},
    {"suspend", "account is locked"},
    {"suspend", "mailbox disabled"},
    {"suspend", "user disabled"},
    {"suspend", "inactive"},
    {"suspend", "deactivated"},
    {"suspend", "account closed"},
    {"suspend", "mailbox unavailable or access denied"},
    {"suspend", "mailbox currently suspended"},
    {"suspend", "not active"},
    {"hostunknown", "host unknown"},
    {"hostunknown", "unknown host"},
    {"hostunknown", "host not found"},
    {"hostunknown", "domain not found"},
    {"hostunknown", "name or service not known"},
    {"hostunknown", "name service error"},
    {"hostunknown", "nxdomain"},
    {"hostunknown", "no such domain"},
    {"hostunknown", "domain does not exist"},
    {"hostunknown", "unrouteable mail domain"},
    {"hostunknown", "unrouteable address"},
    {"hostunknown", "unroutable address"},
    {"hostunknown", "find any host named"},
    {"hostunknown", "could not be resolved"},
    {"hostunknown", "couldn't find any host"},
    {"hostunknown", "illegal host/domain"},
    {"hostunknown", "bad destination host"},
    {"hostunknown", "invalid domain"},
    {"hostunknown", "unknown domain"},
    {"hostunknown", "no mx or a records"},
    {"hostunknown", "host or domain name not found"},
    {"hostunknown", "mail domain unknown"},
    {"hostunknown", "recipient domain must exist"},
    {"hostunknown", "malformed or unexpected name server reply"},
    {"hostunknown", "domain must resolve"},
    {"hostunknown", "no such host"},
    {"hostunknown", "the account or domain may not exist"},
    {"userunknown", "user unknown"},
    {"userunknown", "unknown user"},
    {"userunknown", "no such user"},
    {"userunknown", "unknown recipient"},
    {"userunknown", "recipient unknown"},
    {"userunknown", "user not found"},
    {"userunknown", "no such recipient"},
    {"userunknown", "no mailbox here by that name"},
    {"userunknown", "mailbox not found"},
    {"userunknown", "invalid recipient"},
    {"userunknown", "invalid mailbox"},
    {"userunknown", "no such address"},
    {"userunknown", "does not exist"},
    {"userunknown", "doesn't exist"},
    {"userunknown", "not listed in"},
    {"userunknown", "address rejected"},
    {"userunknown", "bad address"},
    {"userunknown", "unknown address"},
    {"userunknown", "no such mailbox"},
    {"userunknown", "recipient not found"},
    {"userunknown", "isn't in my list"},
    {"userunknown", "not a known user"},
    {"userunknown", "unknown local"},
    {"userunknown", "unknown or illegal alias"},
    {"userunknown", "not our customer"},
    {"userunknown", "is not a valid"},
    {"userunknown", "account not found"},
    {"userunknown", "address unknown"},
    {"userunknown", "not known at this site"},
    {"userunknown", "adressat unbekannt"},
    {"userunknown", "no longer available"},
    {"userunknown", "invalid address"},
    {"userunknown", "mailbox unavailable"},
    {"userunknown", "mailbox not available"},
    {"userunknown", "no user"},
    {"userunknown", "user doesn't have"},
    {"userunknown", "not found in directory"},
    {"userunknown", "destination address invalid"},
    {"userunknown", "adresse d au moins un destinataire invalide"},
    {"userunknown", "no account by that name"},
    {"userunknown", "recipient is not accepted"},
    {"userunknown", "is unknown"},
    {"userunknown", "not exist"},
    {"userunknown", "no one by that name"},
    {"userunknown", "recipient no longer"},
    {"userunknown", "nosuchuser"},
    {"userunknown", "unknown mailbox"},
    {"userunknown", "is not local"},
    {"userunknown", "undeliverable address"},
    {"userunknown", "couldn't be found"},
    {"userunknown", "wasn't found"},
    {"userunknown", "invalid user"},
    {"userunknown", "not listed"},
    {"userunknown", "vdeliver: invalid"},
    {"userunknown", "no valid recipient"},
    {"userunknown", "recipient rejected"},
    {"userunknown", "bad recipient"},
    {"mesgtoobig", "too large"},
    {"mesgtoobig", "too big"},
    {"mesgtoobig", "message size exceeds"},
    {"mesgtoobig", "maximum size"},
    {"mesgtoobig", "max message size"},
    {"mesgtoobig", "size limit"},
    {"mesgtoobig", "message length exceeds"},
    {"mesgtoobig", "messagetoolarge"},
    {"policyviolation", "policy"},
    {"policyviolation", "protocol violation"},
    {"policyviolation", "potential security issue"},
    {"policyviolation", "content presents a potential"},
    {"policyviolation", "header error"},
    {"policyviolation", "forbidden"},
    {"securityerror", "unauthenticated sender"},
    {"securityerror", "authentication required"},
    {"securityerror", "starttls"},
    {"securityerror", "authentication failure"},
    {"securityerror", "access denied"},
    {"securityerror", "authentication needed"},
    {"contenterror", "duplicate header"},
    {"contenterror", "content rejected"},
    {"contenterror", "the header is not valid"},
    {"contenterror", "message format"},
    {"contenterror", "illegal attachment"},
    {"contenterror", "improper use of 8-bit"},
    {"syntaxerror", "command parameter not implemented"},
    {"syntaxerror", "improper sequence"},
    {"syntaxerror", "syntax error"},
    {"syntaxerror", "command rejected"},
    {"syntaxerror", "bad sequence"},
    {"expired", "message expired"},
    {"expired", "delivery time expired"},
    {"expired", "retry timeout"},
    {"expired", "retry time not reached"},
    {"expired", "timed out"},
    {"expired", "timeout"},
    {"expired", "too old"},
    {"expired", "giving up"},
    {"expired", "been in the queue"},
    {"expired", "has been deferred"},
    {"expired", "cannot send message within"},
    {"expired", "could not be delivered for"},
    {"expired", "delivery attempts will continue"},
    {"expired", "still undelivered"},
    {"expired", "was undeliverable after"},
    {"expired", "unable to deliver in"},
    {"expired", "could not deliver for"},
    {"expired", "has been delayed"},
    {"expired", "not been delivered"},
    {"expired", "delivery is delayed"},
    {"expired", "will be retried"},
    {"expired", "message delayed"},
    {"expired", "cannot connect"},
    {"expired", "delivery expired"},
    {"expired", "undelivered after"},
    {"expired", "connection refused"},
    {"expired", "could not be delivered after"},
    {"expired", "unable to connect"},
    {"expired", "connection lost"},
    {"expired", "conversation with"},
    {"expired", "unreachable for"},
    {"expired", "days old"},
    {"networkerror", "no route to host"},
    {"networkerror", "network is unreachable"},
    {"networkerror", "network unreachable"},
    {"networkerror", "dns error"},
    {"networkerror", "dns query failed"},
    {"networkerror", "loops back to"},
    {"networkerror", "mail loop"},
    {"networkerror", "too many hops"},
    {"networkerror", "host is unreachable"},
    {"networkerror", "no relevant answers"},
    {"networkerror", "hop count"},
    {"networkerror", "could not contact dns"},
    {"networkerror", "routing loop"},
    {"networkerror", "failed to connect"},
    {"networkerror", "maximum forwarding loop"},
    {"networkerror", "malformed name server"},
    {"mailererror", "procmail"},
    {"mailererror", "pipe to"},
    {"mailererror", "command died"},
    {"mailererror", "exit status"},
    {"mailererror", "x-unix"},
    {"mailererror", "mailer error"},
    {"mailererror", "child process"},
    {"mailererror", "return code"},
    {"mailererror", "unexpected status from pipe"},
    {"mailererror", "child status"},
    {"systemerror", "internal system error"},
    {"systemerror", "internal error"},
    {"systemerror", "system error"},
    {"systemerror", "local configuration error"},
    {"systemerror", "server configuration error"},
    {"systemerror", "cannot allocate"},
    {"systemerror", "service currently unavailable"},
    {"systemerror", "could not load"},
    {"systemerror", "i/o error"},
    {"systemerror", "can't create output"},
    {"systemerror", "internal server error"},
    {"systemerror", "aliasing/forwarding loop"},
    {"systemerror", "configuration error"},
    {"systemerror", "cname lookup failed"},
    {"systemerror", "out of memory"},
    {"filtered", "because the recipient is only accepting mail from"},
    {"filtered", "filtered"},
    {"filtered", "refused due to recipient preferences"},
    {"filtered", "this account is protected by"},
    {"filtered", "user reject"},
    {"filtered", "message rejected by recipient"},
    {"filtered", "due to extended inactivity"},
    {"filtered", "resolver.rst"},
    {"filtered", "recipient refused"},
    {"filtered", "refused by recipient"},
    {"filtered", "bounced by"},
    {"filtered", "permanent failure for one or more recipients"},
    {"filtered", "sender is not allowed by recipient"},
    {"onhold", "temporary failure"},
    {"onhold", "recipient error"},
    {"onhold", "greylist"},
    {"rejected", "permission"},
    {"rejected", "restricted"},
    {"blocked", "blocked"},
    {"blocked", "rejected"},
};

struct ByStatus {
  S subject;  // without the class: "1.1"
  S reason;
};
constexpr ByStatus kByStatus[] = {
    {"1.1", "userunknown"},   {"1.2", "hostunknown"},     {"1.3", "userunknown"},    {"1.4", "filtered"},
    {"1.6", "hasmoved"},      {"1.7", "rejected"},        {"1.8", "rejected"},       {"1.10", "userunknown"},
    {"1.351", "userunknown"}, {"2.0", "filtered"},        {"2.2", "mailboxfull"},    {"2.3", "exceedlimit"},
    {"2.4", "filtered"},      {"3.1", "systemfull"},      {"3.2", "notaccept"},      {"3.4", "mesgtoobig"},
    {"3.5", "systemerror"},   {"4.1", "expired"},         {"4.3", "systemerror"},    {"4.4", "hostunknown"},
    {"4.6", "networkerror"},  {"4.7", "expired"},         {"4.312", "networkerror"}, {"4.316", "expired"},
    {"6.1", "contenterror"},  {"7.6", "securityerror"},   {"7.8", "securityerror"},  {"7.9", "securityerror"},
    {"7.13", "suspend"},      {"7.25", "requireptr"},     {"7.26", "authfailure"},   {"7.509", "authfailure"},
    {"7.606", "blocked"},     {"7.650", "badreputation"}, {"1.9", "expired"},        {"7.23", "authfailure"},
    {"7.20", "authfailure"},  {"7.21", "authfailure"},    {"7.22", "authfailure"},   {"7.24", "authfailure"},
    {"7.27", "notaccept"},    {"7.7", "securityerror"},
};
// Weaker: what the status says when the words say nothing.
constexpr ByStatus kByStatusLast[] = {{"1.0", "userunknown"},  {"2.1", "suspend"},       {"3.0", "systemerror"},
                                      {"4.0", "networkerror"}, {"4.2", "expired"},       {"4.5", "networkerror"},
                                      {"5.0", "syntaxerror"},  {"5.2", "syntaxerror"},   {"5.3", "toomanyconn"},
                                      {"6.0", "contenterror"}, {"7.0", "securityerror"}, {"7.1", "securityerror"},
                                      {"7.2", "filtered"},     {"5.4", "systemerror"},   {"5.1", "syntaxerror"}};

template <std::size_t N>
std::string Find(const Words (&table)[N], S folded) {
  for (const auto& entry : table) {
    if (folded.contains(entry.words)) {
      return std::string(entry.reason);
    }
  }
  return "";
}

template <std::size_t N>
std::string Find(const ByStatus (&table)[N], S subject) {
  for (const auto& entry : table) {
    if (entry.subject == subject) {
      return std::string(entry.reason);
    }
  }
  return "";
}

}  // namespace

std::string ReasonOf(std::string_view status, std::string_view reply_code, std::string_view diagnostic) {
  const std::string words = text::AsciiLower(diagnostic);
  const S subject = status.size() > 2 ? status.substr(2) : S();
  // The address was fine when it was named and was refused only with the message itself: a filter, not a missing user.
  const bool after_data = words.contains("in reply to end of data") || words.contains("in reply to data command") ||
                          words.contains(">>> data") || words.contains("after end of data") ||
                          words.contains("end of message");
  std::string reason = Find(kCertain, words);
  if (reason == "spamdetected" && (words.contains("blocked") || words.contains("blacklist"))) {
    reason = "blocked";
  }
  if (!reason.empty()) {
    return reason;
  }
  if (subject == "4.1" && words.contains("recipient address rejected")) {
    return "userunknown";  // what Exchange Online says of addresses that its directory does not hold
  }
  if (subject == "2.3" && words.contains("too large")) {
    return "mesgtoobig";
  }
  const std::string likely = Find(kLikely, words);
  if (subject == "1.1" && (likely == "filtered" || likely == "mailererror")) {
    return likely;
  }
  if ((subject == "4.4" || subject == "1.1") && likely == "notaccept") {
    return likely;
  }
  if (subject == "7.9" && likely == "policyviolation") {
    return likely;
  }
  reason = Find(kByStatus, subject);
  if (reason.empty()) {
    reason = likely;
  }
  if (reason == "userunknown" && after_data && subject != "1.1") {
    return "filtered";
  }
  if (reason.empty()) {
    reason = Find(kByStatusLast, subject);
  }
  if (reason.empty()) {
    reason = reply_code == "552"                                      ? "mailboxfull"
             : reply_code.starts_with("4") || status.starts_with("4") ? "onhold"
                                                                      : "";
  }
  return reason.empty() ? "undefined" : reason;
}

bool IsHard(std::string_view reason) {
  return reason == "userunknown" || reason == "hostunknown" || reason == "hasmoved" || reason == "notaccept";
}

}  // namespace propolis::mail
