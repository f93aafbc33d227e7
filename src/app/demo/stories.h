// What the demo's customers and engineers say to each other: twelve stories, each in the three languages, with
// placeholders ({site}, {host}, {user}, {ip}, {domain}) for what differs from ticket to ticket.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/text.h"

namespace propolis::demo {

struct Story {
  std::string key;
  std::string subject;
  std::string body;
  std::string answer;  // the engineer's first
  std::string reply;   // the customer's detail
  std::string note;    // internal
  std::string action;  // of the work record
  std::string before;
  std::string after;
  std::string command;
  std::string result;
  std::string update;  // while the work goes on
  std::string resolution;
  std::string thanks;     // the survey's comment
  std::string complaint;  // opens the ticket again
  static const dto::Type& Dto();
};

using Values = std::map<std::string, std::string>;

// The same stories in the same order for each language.
const std::vector<Story>& Stories(Language language);
// The story with its placeholders filled in.
Story Fill(const Story& story, const Values& values);

struct KnownArticle {
  Language language = Language::kEn;
  bool for_customers = false;
  std::string title;
  std::string body;
  std::vector<std::string> tags;
  static const dto::Type& Dto();
};
struct KnownText {
  std::string en;
  std::string es;
  std::string pt;
  static const dto::Type& Dto();
};
struct KnownSnippet {
  std::string key;
  KnownText title;
  KnownText body;
  static const dto::Type& Dto();
};
struct Knowledge {
  std::vector<KnownArticle> articles;
  std::vector<KnownSnippet> snippets;
  static const dto::Type& Dto();
};
const Knowledge& KnowledgeOfDesk();

}  // namespace propolis::demo
