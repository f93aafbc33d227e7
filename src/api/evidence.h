// Evidence over the API, for the desk and for the portal alike.
#pragma once

#include "api/resource.h"
#include "domain/evidence/evidence.h"

namespace propolis::api {

// Largest file that may be sent.
inline constexpr std::uint64_t kLargestEvidence = 100ULL << 20;
// Largest form that brings one.
inline constexpr std::uint64_t kLargestEvidenceForm = kLargestEvidence + (1ULL << 20);

// Takes the one file of a multipart request (fields: source, note, public) into the blob store and onto the ticket.
Result<evidence::Evidence> TakeEvidence(Call& call, std::int64_t number);
// The file, hashed again on the way out, as a download.
Result<net::Response> SendEvidence(Call& call, EvidenceId id);

// Marks an answer whose bytes came from outside: a browser neither runs them nor guesses what they are.
void Sandbox(net::Response& response);

}  // namespace propolis::api
