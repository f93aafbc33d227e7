// Images inside a mail's HTML (`<img src="cid:...">`, RFC 2392). They are not kept apart: the stored HTML names them,
// the view turns the names into addresses, and what is asked for is read out of the raw mail.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "channels/mail/parse.h"

namespace propolis::mail {

// What stands for `src` in stored HTML; nullopt when the mail has no such image.
std::optional<std::string> NameInlineImage(const ParsedMail& mail, std::string_view content_id);

// Stored HTML with each image's name as an address below `base` ("/images/").
std::string LinkInlineImages(std::string html, std::string_view base);

// The bytes of the image that the last part of such an address names; nullopt when the mail has none.
std::optional<std::string> FindInlineImage(std::string_view raw, std::string_view name);

}  // namespace propolis::mail
