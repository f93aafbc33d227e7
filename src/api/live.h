// How a stored event looks on the wire.
#pragma once

#include "live/hub.h"

namespace propolis::api {

// event: ticket (or desk), id: its number, data: {seq, kind, at, ticket?: {number, id?}}.
live::Frame LiveFrame(const store::StoredEvent& stored);

}  // namespace propolis::api
