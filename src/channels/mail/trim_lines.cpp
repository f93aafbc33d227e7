#include "channels/mail/trim_lines.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/text.h"

namespace propolis::mail {
namespace {

using S = std::string_view;

// "wrote" as mail programs say it, folded (lower case, no accents). Each stands as a word of its own, but for the East
// Asian ones, which know no blanks.
constexpr S kWrote[] = {
    "wrote",         "writes",     "escribio",    "escribe",     "ha escrito", "escreveu",   "a ecrit",
    "ecrit",         "schrieb",    "geschrieben", "schreef",     "geschreven", "scritto",    "scrive",
    "skrev",         "skrifadi",   "kirjoitti",   "napisal",     "napisala",   "napisal(a)", "napisał",
    "napisał(a)",    "napisała",   "pisze",       "napsal",      "napsal(a)",  "napsala",    "napisao",
    "napisao/la",    "je napisao", "pise",        "irta",        "a scris",    "scris",      "yazdi",
    "sunlari yazdi", "sunu yazdi", "kirjutas",    "rase",        "rakstija",   "menulis",    "da viet",
    "va escriure",   "escrigue",   "написал",     "написала",    "написал(а)", "пишет",      "пише",
    "написав",       "написала",   "написа",      "εγραψε",      "כתב",        "כתבה",       "كتب",
    "นเขยน",         "schrijft",   "a ecrit :",   "idatzi zuen", "escribiu",   "sendte",     "het volgende geschreven"};
constexpr S kWroteAsian[] = {"写道", "寫道",      "写到",        "書きました", "のメール", "さんは書きました",
                             "작성", "님이 작성", "のメッセージ"};

// Words between dashes that begin an earlier or a forwarded message.
constexpr S kOriginal[] = {"original message",
                           "original mail",
                           "originalmessage",
                           "forwarded message",
                           "forwarded mail",
                           "begin forwarded message",
                           "reply message",
                           "replied message",
                           "mensaje original",
                           "mensaje reenviado",
                           "mensaje enviado",
                           "mensagem original",
                           "mensagem encaminhada",
                           "message d'origine",
                           "message original",
                           "message transfere",
                           "message initial",
                           "ursprungliche nachricht",
                           "originalnachricht",
                           "ursprungliche mail",
                           "weitergeleitete nachricht",
                           "messaggio originale",
                           "messaggio inoltrato",
                           "oorspronkelijk bericht",
                           "oorspronkelijke bericht",
                           "doorgestuurd bericht",
                           "oprindelig meddelelse",
                           "opprinnelig melding",
                           "ursprungligt meddelande",
                           "wiadomosc oryginalna",
                           "oryginalna wiadomosc",
                           "wiadomosc przekazana",
                           "alkuperainen viesti",
                           "исходное сообщение",
                           "оригинальное сообщение",
                           "пересылаемое сообщение",
                           "пересланное сообщение",
                           "переадресоване повідомлення",
                           "原始邮件",
                           "原始郵件",
                           "邮件原件",
                           "转发邮件",
                           "元のメッセージ",
                           "転送メッセージ",
                           "원본 메시지",
                           "puvodni zprava",
                           "eredeti uzenet",
                           "mesaj original",
                           "ozgun ileti",
                           "αρχικο μηνυμα"};

// Names of header fields as mail programs translate them, folded.
const std::unordered_set<S>& HeaderNames() {
  static const std::unordered_set<S> names = {
      // from
      "from", "de", "von", "da", "van", "fra", "fran", "od", "от", "від", "от кого", "发件人", "發件人", "寄件者",
      "寄件人", "差出人", "보낸 사람", "보낸사람", "felado", "expediteur", "lahettaja", "απο", "gonderen", "kimden",
      "מאת", "من", "remitente", "remetente",
      // sent, date
      "sent", "date", "sent at", "sent on", "enviado", "enviado el", "enviado em", "enviada", "enviada em",
      "enviado a las", "fecha", "data", "envoye", "date d'envoi", "gesendet", "gesendet am", "datum", "inviato",
      "verzonden", "sendt", "dato", "skickat", "skickades", "wyslano", "wyslane", "отправлено", "дата", "надіслано",
      "发送时间", "發送時間", "日期", "送信日時", "日付", "보낸 날짜", "날짜", "lahetetty", "paivays", "elkuldve",
      "kuldve", "odeslano", "gonderildi", "tarih", "trimis", "data wyslania", "invio",
      // to, cc
      "to", "para", "a", "an", "aan", "til", "till", "do", "кому", "收件人", "収件人", "宛先", "받는 사람",
      "vastaanottaja", "cimzett", "komu", "kime", "προς", "destinataire", "destinatario", "cc", "cco", "bcc", "kopie",
      "kopia", "копия", "копія", "抄送", "副本", "참조", "kopio", "kopi", "copie",
      // subject and what else
      "subject", "asunto", "assunto", "objet", "betreff", "oggetto", "onderwerp", "emne", "amne", "temat", "тема",
      "主题", "主旨", "主題", "件名", "제목", "aihe", "targy", "predmet", "konu", "subiect", "θεμα", "reply-to",
      "reply to", "responder a", "antwort an", "rispondi a", "risposta", "importance", "attachments", "organization",
      "message-id", "in-reply-to", "x-mailer", "responder para", "antwoord aan", "repondre a", "datum/uhrzeit",
      "newsgroups", "priority", "importancia", "sensitivity", "envoye le", "envoyé le"};
  return names;
}

// Beginnings of the line that a phone or an app adds, folded.
constexpr S kDevice[] = {"sent from my",
                         "sent from a ",
                         "sent from mail",
                         "sent from outlook",
                         "sent from yahoo",
                         "sent from windows",
                         "sent from gmail",
                         "sent from proton",
                         "sent from the",
                         "sent from samsung",
                         "sent from iphone",
                         "sent from ipad",
                         "sent from android",
                         "sent from mobile",
                         "sent from blackberry",
                         "sent from inbox",
                         "sent from nine",
                         "sent from newton",
                         "sent from mobile",
                         "sent from [",
                         "sent from spark",
                         "sent from edison",
                         "sent from zoho",
                         "sent from huawei",
                         "sent from surface",
                         "sent with airmail",
                         "sent with sparrow",
                         "sent with mobile",
                         "sent with unibox",
                         "sent with proton",
                         "sent with shift",
                         "sent using",
                         "sent via",
                         "sent by",
                         "sent in ",
                         "sent with my",
                         "sent on the",
                         "sent on my",
                         "sent off",
                         "from my iphone",
                         "from my ipad",
                         "from my android",
                         "from my mobile",
                         "from my phone",
                         "from my samsung",
                         "get outlook for",
                         "get [outlook",
                         "download outlook",
                         "obtener outlook para",
                         "obtenga outlook",
                         "obter o outlook",
                         "obtenha o outlook",
                         "telecharger outlook",
                         "obtenir outlook",
                         "enviado desde mi",
                         "enviado desde el",
                         "enviado desde outlook",
                         "enviado desde yahoo",
                         "enviado desde correo",
                         "enviado desde un",
                         "enviado con ",
                         "enviado de mi",
                         "enviado do meu",
                         "enviado do yahoo",
                         "enviado do correio",
                         "enviado do outlook",
                         "enviado a partir",
                         "enviado por samsung",
                         "enviado via ",
                         "enviado pelo",
                         "enviado desde gmail",
                         "enviat des de",
                         "envoye de mon",
                         "envoye depuis",
                         "envoye a partir",
                         "envoye avec",
                         "envoye par",
                         "von meinem",
                         "gesendet von",
                         "gesendet mit",
                         "von unterwegs",
                         "diese nachricht wurde von meinem",
                         "inviato da",
                         "inviato dal",
                         "verzonden vanaf",
                         "verstuurd vanaf",
                         "verzonden met",
                         "verzonden via",
                         "verstuurd met",
                         "verstuurd via",
                         "sendt fra min",
                         "sendt fra mit",
                         "skickat fran min",
                         "wyslane z",
                         "wyslano z",
                         "отправлено с",
                         "отправлено из",
                         "отправлено от",
                         "надіслано з",
                         "lahetetty iphone",
                         "lahetetty laitteesta",
                         "odeslano z",
                         "odoslane z",
                         "poslano z",
                         "kuldve",
                         "从我的",
                         "從我的",
                         "发自我的",
                         "發自我的",
                         "我的 iphone",
                         "iphoneから送信",
                         "iphone から送信",
                         "나의 iphone",
                         "iphone'umdan",
                         "iphone'dan",
                         "trimis de pe",
                         "yahoo mail: search",
                         "my iphone",
                         "on the road, sent"};

bool StartsWithAny(S text, std::span<const S> starts) {
  return std::ranges::any_of(starts, [&](S start) { return text.starts_with(start); });
}

bool IsDelimiterLine(S line) {
  constexpr S kCharacters = "-_=+~#*,";
  bool any = false;
  for (std::size_t i = 0; i < line.size();) {
    if (kCharacters.contains(line[i])) {
      any = true;
      ++i;
    } else if (line[i] == ' ' || line[i] == '\t') {
      ++i;
    } else if (line.substr(i).starts_with("\xe2\x80\x94") || line.substr(i).starts_with("\xe2\x80\x93") ||
               line.substr(i).starts_with("\xe2\x80\x95") ||
               line.substr(i).starts_with("\xe1\x90\xa7")) {  // dashes, Canadian syllabic (Mailtrack)
      any = true;
      i += 3;
    } else {
      return false;
    }
  }
  return any;
}

bool HasDigit(S text) {
  return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool IsWordEdge(S text, std::size_t at) {
  if (at >= text.size()) {
    return true;
  }
  const auto c = static_cast<unsigned char>(text[at]);
  return c < 0x80 && !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
}

bool HasWrote(S folded) {
  for (const S verb : kWrote) {
    for (auto at = folded.find(verb); at != S::npos; at = folded.find(verb, at + 1)) {
      if ((at == 0 || IsWordEdge(folded, at - 1)) && IsWordEdge(folded, at + verb.size())) {
        return true;
      }
    }
  }
  return std::ranges::any_of(kWroteAsian, [&](S verb) { return folded.contains(verb); });
}

// Where the verb ends, measured from the end of the line without dashes, quotes and brackets.
bool EndsWithWrote(S folded) {
  while (!folded.empty() && S(" \t:-_.>)").contains(folded.back())) {
    folded.remove_suffix(1);
  }
  if (folded.ends_with("\xef\xbc\x9a")) {  // full-width colon
    folded.remove_suffix(3);
  }
  return std::ranges::any_of(kWrote,
                             [&](S verb) {
                               return folded.ends_with(verb) && (folded.size() == verb.size() ||
                                                                 IsWordEdge(folded, folded.size() - verb.size() - 1));
                             }) ||
         std::ranges::any_of(kWroteAsian, [&](S verb) { return folded.ends_with(verb); }) ||
         folded.ends_with("napisał(a") || folded.ends_with("napisal(a");
}

bool EndsWithColon(S text) {
  text = text::Trim(text);
  while (text.ends_with('*') || text.ends_with('_') || text.ends_with('-') || text.ends_with(' ')) {
    text.remove_suffix(1);
  }
  return text.ends_with(':') || text.ends_with("\xef\xbc\x9a");
}

bool IsDateStart(S line) {
  // "2013/7/20 sam <a@b>", "2016-10-24 15:36 GMT+02:00 Foo <a@b>:", "20.10.2016 19:37"
  std::size_t digits = 0;
  std::size_t separators = 0;
  for (const char c : line.substr(0, 10)) {
    digits += c >= '0' && c <= '9' ? 1U : 0U;
    separators += c == '/' || c == '-' || c == '.' ? 1U : 0U;
  }
  return digits >= 5 && separators == 2;
}

// "14:41"
bool HasClock(S line) {
  for (auto colon = line.find(':'); colon != S::npos; colon = line.find(':', colon + 1)) {
    if (colon > 0 && colon + 2 < line.size() && HasDigit(line.substr(colon - 1, 1)) &&
        HasDigit(line.substr(colon + 1, 1)) && HasDigit(line.substr(colon + 2, 1))) {
      return true;
    }
  }
  return false;
}

// "<a@b>:" or "(a@b):" at the end.
bool EndsWithAddress(S line) {
  while (!line.empty() && S(" :*").contains(line.back())) {
    line.remove_suffix(1);
  }
  const auto open = line.find_last_of("<([");
  return (line.ends_with('>') || line.ends_with(')') || line.ends_with(']')) && open != S::npos &&
         line.substr(open).contains('@');
}

bool IsAttribution(S line, S folded) {
  constexpr std::size_t kLongest = 500;
  if (line.size() > kLongest || line.empty()) {
    return false;
  }
  const bool who = line.contains('@') || HasDigit(line);
  if (who && EndsWithWrote(folded) &&
      (EndsWithColon(line) || line.starts_with("--") || line.contains('@') || folded.starts_with("on ") ||
       folded.starts_with("el ") || folded.starts_with("em ") || folded.starts_with("le ") ||
       folded.starts_with("am "))) {
    return true;
  }
  if (HasDigit(line) && HasWrote(folded) && EndsWithColon(line) && (line.contains('@') || line.contains('<'))) {
    return true;
  }
  return EndsWithAddress(line) && (IsDateStart(line) || (HasClock(line) && EndsWithColon(line)));
}

bool IsOriginalMarker(S line, S folded) {
  const auto strip = [](S text) {
    while (!text.empty() && S("-_=*+> \t").contains(text.front())) {
      text.remove_prefix(1);
    }
    while (!text.empty() && S("-_=*+< \t:").contains(text.back())) {
      text.remove_suffix(1);
    }
    return text;
  };
  const S bare = strip(folded);
  if (bare.empty()) {
    return false;
  }
  const bool framed =
      line.starts_with("--") || line.starts_with("__") || line.starts_with("==") || line.starts_with("**");
  if (std::ranges::any_of(kOriginal, [&](S words) { return bare == words || (framed && bare.starts_with(words)); })) {
    return framed || bare == "begin forwarded message" || line.ends_with(':') || line.ends_with("--");
  }
  // "-------- anything --------" on a line of its own.
  return line.starts_with("----") && line.ends_with("----") && bare.size() < 80;
}

bool IsHeaderLine(S line, S folded) {
  const auto wide = folded.find("\xef\xbc\x9a");
  auto colon = folded.find(':');
  if (wide != S::npos && (colon == S::npos || wide < colon)) {
    colon = wide;
  }
  constexpr std::size_t kLongestName = 40;
  if (colon == S::npos || colon == 0 || colon > kLongestName) {
    return false;
  }
  S name = folded.substr(0, colon);
  while (!name.empty() && S("*_ \t").contains(name.front())) {
    name.remove_prefix(1);
  }
  while (!name.empty() && S("*_ \t").contains(name.back())) {
    name.remove_suffix(1);
  }
  (void)line;
  return HeaderNames().contains(name);
}

bool IsDeviceLine(S line, S folded) {
  constexpr std::size_t kLongest = 200;
  if (line.size() > kLongest) {
    return false;
  }
  S bare = folded;
  while (!bare.empty() && S("<([-_*~ \t\"'>").contains(bare.front())) {
    bare.remove_prefix(1);
  }
  if (StartsWithAny(bare, kDevice)) {
    return true;
  }
  constexpr S kEnds[] = {" from mobile", " via mobile", "から送信", " 傳送", " 发送", "에서 보냄", " gonderildi"};
  return line.size() < 60 && std::ranges::any_of(kEnds, [&](S end) { return bare.ends_with(end); });
}

bool IsOwnMarker(S line) {
  line = text::Trim(line);
  while (line.starts_with('>') || line.starts_with('|') || line.starts_with(' ')) {
    line.remove_prefix(1);
  }
  return line.size() > 10 && line.starts_with("## ") && line.ends_with(" ##");
}

LineKind KindOf(S raw) {
  const S line = text::Trim(raw);
  if (line.empty()) {
    return LineKind::kEmpty;
  }
  if (IsOwnMarker(line)) {
    return LineKind::kMarker;
  }
  if (line.starts_with('>') || line.starts_with('|') || line.starts_with("\xef\xbc\x9e")) {
    return LineKind::kQuote;
  }
  if (IsDelimiterLine(line)) {
    return LineKind::kDelimiter;
  }
  const std::string folded = text::Fold(line);
  if (IsOriginalMarker(line, folded) || IsAttribution(line, folded)) {
    return LineKind::kAttribution;
  }
  if (IsDeviceLine(line, folded)) {
    return LineKind::kDevice;
  }
  return IsHeaderLine(line, folded) ? LineKind::kHeader : LineKind::kText;
}

// How mail programs begin an attribution.
bool BeginsLikeAttribution(S folded) {
  constexpr S kStarts[] = {"on ",     "el ",   "em ", "le ", "il ",   "am ",  "op ",   "den ",   "den ",
                           "w dniu",  "dnia ", "pe ", "на ", "в ",    "dne ", "στις ", "a ",     "il giorno",
                           "no dia ", "at ",   "在 ", "于",  "pada ", "vao ", "το ",   "---- on"};
  return StartsWithAny(folded, kStarts) || IsDateStart(folded);
}

// Whether an attribution that is broken over lines may begin here.
bool MayBeginAttribution(S line, S folded) {
  return line.size() < 300 &&
         (BeginsLikeAttribution(folded) || (HasDigit(line) && !folded.starts_with("from")) || line.contains('@'));
}

// Puts the pieces of an attribution together; answers how many lines it took, 0 when there is none at `at`.
std::size_t JoinAttribution(const std::vector<S>& lines, std::size_t at, std::string& joined) {
  const S first = text::Trim(lines[at]);
  if (first.empty() || first.starts_with('>') || first.starts_with('|') ||
      !MayBeginAttribution(first, text::Fold(first))) {
    return 0;
  }
  constexpr std::size_t kMostLines = 6;
  joined = std::string(first);
  for (std::size_t next = at + 1; next < lines.size() && next < at + kMostLines; ++next) {
    const S line = text::Trim(lines[next]);
    if (line.starts_with('>') && !line.starts_with("> wr") && line.find_first_not_of("> :") != S::npos &&
        !EndsWithWrote(text::Fold(line))) {
      return 0;
    }
    if (line.empty()) {
      // A blank line may stand inside only where the address was set apart.
      if (!joined.contains('<') && next + 1 < lines.size() && !text::Trim(lines[next + 1]).starts_with('<')) {
        return 0;
      }
      continue;
    }
    joined += ' ';
    joined += line;
    const std::string folded = text::Fold(joined);
    if (EndsWithColon(joined) || EndsWithWrote(folded)) {
      const bool found =
          IsAttribution(joined, folded) && (joined.contains('@') || joined.contains('<') || folded.starts_with("on "));
      return found ? next - at + 1 : 0;
    }
  }
  return 0;
}

// Whether the attribution really begins on one of the next lines, and this one is the end of what was written.
bool BeginsLater(const std::vector<S>& lines, std::size_t at, std::size_t taken) {
  if (BeginsLikeAttribution(text::Fold(text::Trim(lines[at])))) {
    return false;
  }
  std::string joined;
  for (std::size_t k = 1; k < taken; ++k) {
    const S line = text::Trim(lines[at + k]);
    const std::string folded = text::Fold(line);
    if (BeginsLikeAttribution(folded) && (IsAttribution(line, folded) || JoinAttribution(lines, at + k, joined) > 0)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Line> ReadLines(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      plain += i + 1 < text.size() && text[i + 1] == '\n' ? "" : "\n";
    } else {
      plain += text[i];
    }
  }
  const auto raw = text::Split(plain, '\n');
  std::vector<Line> lines;
  bool fenced = false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    Line line{std::string(raw[i]), LineKind::kText};
    if (text::Trim(raw[i]).starts_with("```")) {
      fenced = !fenced;
      lines.push_back(std::move(line));
      continue;
    }
    if (fenced) {  // code that somebody pasted is text, whatever it looks like
      lines.push_back(std::move(line));
      continue;
    }
    line.kind = KindOf(raw[i]);
    std::string joined;
    if (line.kind == LineKind::kText || line.kind == LineKind::kHeader) {
      const std::size_t taken = JoinAttribution(raw, i, joined);
      if (taken > 0 && !BeginsLater(raw, i, taken)) {
        line.kind = LineKind::kAttribution;
        for (std::size_t k = 1; k < taken; ++k) {
          line.text += '\n';
          line.text += raw[i + k];
        }
        i += taken - 1;
      }
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace propolis::mail
