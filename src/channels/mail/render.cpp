// How a letter looks: plain text, and HTML of tables with inline colours for mail programs that drop style sheets. No
// image, no web font, no tracking. The style block only gives the dark colours and the narrow layout to those that read
// it.
#include "channels/html/sanitise.h"
#include "channels/mail/compose.h"

namespace propolis::mail {
namespace {

constexpr std::string_view kStyle =
    "@media (prefers-color-scheme: dark) {"
    ".bg{background:#0b0f14 !important}"
    ".sf{background:#141a22 !important;border-color:#e3aa35 #27313d #27313d !important}"
    ".s2{background:#19202a !important;border-color:#27313d !important}"
    ".tx{color:#e7ecf3 !important}.t2{color:#b6c1ce !important}.t3{color:#919eaf !important}.ac{color:#62bdea "
    "!important}"
    ".ln{border-color:#27313d !important}"
    ".bt{background:#62bdea !important;border-color:#62bdea !important}.bt a{color:#06212f !important}"
    ".b2{border-color:#6b7a8d !important}.b2 a{color:#e7ecf3 !important}"
    "}"
    "@media (max-width: 480px) {"
    ".pad{padding-left:20px !important;padding-right:20px !important}"
    ".half{display:block !important;width:auto !important;border-left:0 !important}.half+.half{padding-top:0 "
    "!important}"
    ".bt,.b2{display:block !important;text-align:center;margin-bottom:8px}.gap{display:none !important}"
    ".full{width:100% !important}"
    "}";

constexpr std::string_view kFont = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif";

std::string Lines(std::string_view text) {
  std::string out;
  for (const auto line : text::Split(text, '\n')) {
    out += (out.empty() ? "" : "<br>") + html::Escape(line);
  }
  return out;
}

std::string Row(std::string_view style, std::string_view inside) {
  return "<tr><td class=\"pad\" style=\"" + std::string(style) + "\">" + std::string(inside) + "</td></tr>\n";
}

std::string Top(const LetterWords& words) {
  return Row("padding:28px 32px 0;",
             "<p class=\"t3\" style=\"margin:0;font-size:13px;line-height:20px;color:#5a6675;\">" +
                 html::Escape(words.topic) +
                 "</p><h1 class=\"tx\" style=\"margin:8px 0 "
                 "0;font-size:22px;line-height:28px;font-weight:600;color:#16202c;\">" +
                 html::Escape(words.headline) + "</h1>");
}

std::string Body(const LetterWords& words) {
  std::string inside;
  const auto paragraph = [&](std::string_view text, std::string_view margin) {
    inside += "<p class=\"tx\" style=\"margin:" + std::string(margin) +
              ";font-size:15px;line-height:24px;color:#16202c;\">" + Lines(text) + "</p>";
  };
  paragraph(words.greeting, "0 0 12px");
  for (const auto& text : words.paragraphs) {
    paragraph(text, "0 0 12px");
  }
  if (!words.signature.empty()) {
    paragraph(words.signature, "0");
  }
  return Row("padding:16px 32px 0;", inside);
}

std::string Boxes(const LetterWords& words) {
  if (words.boxes.empty()) {
    return "";
  }
  std::string cells;
  for (const auto& box : words.boxes) {
    cells += "<td class=\"half ln\" valign=\"top\" style=\"padding:12px 16px;" +
             std::string(cells.empty() ? "" : "border-left:1px solid #dfe5ec;") +
             "\"><span class=\"t3\" style=\"display:block;font-size:12px;line-height:16px;color:#5a6675;\">" +
             html::Escape(box.label) +
             "</span><span class=\"tx\" "
             "style=\"display:block;font-size:15px;line-height:24px;font-weight:600;color:#16202c;\">" +
             html::Escape(box.value) + "</span></td>";
  }
  return Row(
      "padding:20px 32px 0;",
      "<table role=\"presentation\" class=\"s2\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
      "style=\"background:#f7f9fb;border:1px solid #dfe5ec;border-radius:6px;\"><tr>" +
          cells + "</tr></table>");
}

std::string DoneList(const LetterWords& words) {
  if (words.done.empty()) {
    return "";
  }
  std::string rows;
  for (const auto& [clock, what] : words.done) {
    rows += "<tr><td class=\"t3\" width=\"52\" valign=\"top\" style=\"padding:2px 0;color:#5a6675;\">" +
            html::Escape(clock) + "</td><td style=\"padding:2px 0;\">" + Lines(what) + "</td></tr>";
  }
  return Row(
      "padding:20px 32px 0;",
      "<p class=\"tx\" style=\"margin:0 0 4px;font-size:14px;line-height:20px;font-weight:600;color:#16202c;\">" +
          html::Escape(words.done_title) +
          "</p><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" class=\"t2\" "
          "style=\"font-size:14px;line-height:20px;color:#414d5d;\">" +
          rows + "</table>");
}

std::string ButtonCell(const LetterWords::Button& button) {
  const std::string cell = button.main
                               ? "class=\"bt\" style=\"background:#0b6391;border:1px solid #0b6391;border-radius:8px;\""
                               : "class=\"b2\" style=\"border:1px solid #7f8b9b;border-radius:8px;\"";
  const std::string colour = button.main ? "font-weight:600;color:#ffffff;" : "font-weight:500;color:#16202c;";
  return "<td " + cell + "><a href=\"" + html::Escape(button.url) +
         "\" style=\"display:inline-block;padding:11px 20px;font-size:15px;line-height:20px;" + colour +
         "text-decoration:none;\">" + html::Escape(button.label) + "</a></td>";
}

std::string Buttons(const LetterWords& words) {
  if (words.buttons.empty() && words.hint.empty()) {
    return "";
  }
  std::string cells;
  for (const auto& button : words.buttons) {
    cells += (cells.empty() ? "" : "<td class=\"gap\" width=\"12\"></td>") + ButtonCell(button);
  }
  std::string inside;
  if (!cells.empty()) {
    inside = "<table role=\"presentation\" class=\"full\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>" +
             cells + "</tr></table>";
  }
  if (!words.hint.empty()) {
    inside += "<p class=\"t3\" style=\"margin:12px 0 0;font-size:13px;line-height:20px;color:#5a6675;\">" +
              html::Escape(words.hint) + "</p>";
  }
  return Row("padding:24px 32px 0;", inside);
}

std::string Survey(const LetterWords& words) {
  if (words.scores.empty()) {
    return "";
  }
  std::string cells;
  for (std::size_t i = 0; i < words.scores.size(); ++i) {
    const auto& score = words.scores[i];
    cells += "<td class=\"b2\" align=\"center\" style=\"border:1px solid #7f8b9b;border-radius:8px;\"><a href=\"" +
             html::Escape(score.url) + "\" title=\"" + html::Escape(score.label) + "\" aria-label=\"" +
             std::to_string(i + 1) + ": " + html::Escape(score.label) +
             "\" style=\"display:block;padding:11px "
             "16px;font-size:15px;line-height:20px;color:#16202c;text-decoration:none;\">" +
             std::to_string(i + 1) + "</a></td><td width=\"8\"></td>";
  }
  return Row(
      "padding:20px 32px 0;",
      "<p class=\"tx\" style=\"margin:0 0 8px;font-size:14px;line-height:20px;font-weight:600;color:#16202c;\">" +
          html::Escape(words.survey_question) +
          "</p><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>" + cells +
          "</tr></table><p class=\"t3\" style=\"margin:8px 0 0;font-size:13px;line-height:20px;color:#5a6675;\">1: " +
          html::Escape(words.scores.front().label) + " &nbsp;·&nbsp; " + std::to_string(words.scores.size()) + ": " +
          html::Escape(words.scores.back().label) + "</p>");
}

std::string SmallPrint(const LetterWords& words) {
  std::string inside;
  for (const auto& line : words.small_print) {
    inside += (inside.empty() ? "" : "<br>") + html::Escape(line);
  }
  return Row("padding:24px 32px 24px;",
             "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td "
             "class=\"ln t3\" "
             "style=\"border-top:1px solid #dfe5ec;padding-top:16px;font-size:12px;line-height:16px;color:#5a6675;\">" +
                 inside + "</td></tr></table>");
}

}  // namespace

std::string RenderText(const LetterWords& words) {
  std::string out;
  const auto block = [&](std::string_view text) {
    if (!text.empty()) {
      out += (out.empty() ? "" : "\n\n") + std::string(text);
    }
  };
  block(words.marker);
  block(words.topic);
  block(words.headline);
  block(words.greeting);
  for (const auto& paragraph : words.paragraphs) {
    block(paragraph);
  }
  block(words.signature);
  std::string boxes;
  for (const auto& box : words.boxes) {
    boxes += (boxes.empty() ? "" : "\n") + box.label + ": " + box.value;
  }
  block(boxes);
  std::string done = words.done_title;
  for (const auto& [clock, what] : words.done) {
    done += "\n" + clock + "  " + what;
  }
  block(done);
  for (const auto& button : words.buttons) {
    block(button.label + ":\n" + button.url);
  }
  block(words.hint);
  std::string survey = words.survey_question;
  for (std::size_t i = 0; i < words.scores.size(); ++i) {
    survey += "\n" + std::to_string(i + 1) + " - " + words.scores[i].label + ": " + words.scores[i].url;
  }
  block(survey);
  std::string small;
  for (const auto& line : words.small_print) {
    small += (small.empty() ? "" : "\n") + line;
  }
  block("-- \n" + small);
  block(words.sent_to);
  return out + "\n";
}

std::string RenderHtml(const LetterWords& words, Language language) {
  std::string out =
      "<!doctype html>\n<html lang=\"" + std::string(NameOf(language)) +
      "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>" +
      html::Escape(words.headline) + "</title><style>" + std::string(kStyle) +
      "</style></head>\n<body class=\"bg\" style=\"margin:0;padding:0;background:#eef1f5;\">\n";
  if (!words.preview.empty()) {
    out += "<div style=\"display:none;max-height:0;overflow:hidden;\">" + html::Escape(words.preview) + "</div>\n";
  }
  out +=
      "<table role=\"presentation\" class=\"bg\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
      "style=\"background:#eef1f5;\"><tr><td align=\"center\" style=\"padding:32px 12px;\">\n"
      "<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
      "style=\"width:100%;max-width:600px;font-family:" +
      std::string(kFont) + ";\">\n";
  if (!words.marker.empty()) {
    out += "<tr><td class=\"t3\" style=\"padding:0 4px 12px;font-size:12px;line-height:16px;color:#5a6675;\">" +
           html::Escape(words.marker) + "</td></tr>\n";
  }
  out +=
      "<tr><td class=\"sf\" style=\"background:#ffffff;border:1px solid #dfe5ec;border-top:3px solid "
      "#e0a21b;border-radius:10px;\">\n"
      "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n";
  out += Top(words) + Body(words) + Boxes(words) + DoneList(words) + Buttons(words) + Survey(words) + SmallPrint(words);
  out +=
      "</table></td></tr>\n<tr><td class=\"t3\" align=\"center\" style=\"padding:16px 4px "
      "0;font-size:12px;line-height:16px;color:#5a6675;\">" +
      html::Escape(words.sent_to) + "</td></tr>\n</table></td></tr></table>\n</body></html>\n";
  return out;
}

}  // namespace propolis::mail
