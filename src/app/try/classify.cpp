// classify: the trained text model on any labelled rows.
#include <fstream>
#include <iterator>

#include "app/try/rules.h"
#include "domain/classify/csv.h"
#include "domain/classify/train.h"

namespace propolis::app {
namespace {

constexpr std::uint64_t kMostFileBytes = 256ULL << 20U;

struct RowInput {
  Verbatim text;
  Verbatim subject;
  std::string label;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<RowInput>("ClassifyRow", "A text whose label is known.")
            .Required("text", &RowInput::text, "The text.")
            .Optional("subject", &RowInput::subject, "Its subject, which counts double.")
            .Required("label", &RowInput::label, "Its label.", dto::Text(1, classify::kMostLabelBytes))
            .Done();
    return type;
  }
};

struct ClassifyInput {
  std::optional<Verbatim> text;
  Verbatim subject;
  std::string label;
  std::vector<RowInput> train;
  std::string train_file;
  std::string text_column = "text";
  std::string label_column = "label";
  double threshold = 0.5;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ClassifyInput>("ClassifyInput",
                                   "A row to learn (text and label), more of them (train, train_file), or a text to "
                                   "label. A model is trained when a text comes after rows; it keeps to all lines "
                                   "before it in the same run.")
            .Optional("text", &ClassifyInput::text, "A text: to be learned with a label, to be labelled without one.")
            .Optional("subject", &ClassifyInput::subject, "Its subject, which counts double.")
            .Optional("label", &ClassifyInput::label, "Its label.", dto::Text(0, classify::kMostLabelBytes))
            .Optional("train", &ClassifyInput::train, "Rows to learn.", dto::Items(0, classify::kMostRows))
            .Optional("train_file", &ClassifyInput::train_file, "A CSV file of rows to learn.", dto::Text(0, 4096))
            .Optional("text_column", &ClassifyInput::text_column, "Its column of texts; \"text\".", dto::Text(1, 200))
            .Optional("label_column", &ClassifyInput::label_column, "Its column of labels; \"label\".",
                      dto::Text(1, 200))
            .Optional("threshold", &ClassifyInput::threshold, "Confidence under which the model abstains; 0.5.",
                      dto::Range(0, 1))
            .Done();
    return type;
  }
};

struct ClassifyOutput {
  std::optional<std::int64_t> rows;
  std::optional<std::string> label;
  std::optional<double> confidence;
  std::optional<std::vector<std::string>> words;
  std::optional<bool> abstained;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ClassifyOutput>("ClassifyOutput", "How many rows were taken, or the answer to a text.")
            .Optional("rows", &ClassifyOutput::rows, "Rows to learn from so far; for lines without a text to label.")
            .Optional("label", &ClassifyOutput::label, "The most likely label, also when abstaining.")
            .Optional("confidence", &ClassifyOutput::confidence,
                      "0 to 1: how often answers like this one were right in cross-validation.")
            .Optional("words", &ClassifyOutput::words, "The words that speak most for it.")
            .Optional("abstained", &ClassifyOutput::abstained, "Less sure than the threshold: no answer.")
            .Done();
    return type;
  }
};

// One run: what it learned from the lines so far.
class Run {
 public:
  Result<std::string> operator()(std::string_view json) {
    const auto input = TRY(dto::Parse<ClassifyInput>(json));
    if (!input.train_file.empty()) {
      TRY(Learn(input.train_file, input.text_column, input.label_column));
    }
    for (const RowInput& row : input.train) {
      Learn({row.subject.text, row.text.text, row.label});
    }
    if (input.text && !input.label.empty()) {
      Learn({input.subject.text, input.text->text, input.label});
    } else if (input.text) {
      return Answer(input);
    }
    ClassifyOutput output;
    output.rows = std::ssize(rows_);
    return dto::ToJson(output);
  }

 private:
  void Learn(classify::Example row) {
    rows_.push_back(std::move(row));
    model_.reset();
  }
  Status Learn(const std::string& path, const std::string& text_column, const std::string& label_column) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file || static_cast<std::uint64_t>(file.tellg()) > kMostFileBytes) {
      return FailField("train_file", "cli.no_file", {{"file", path}});
    }
    file.seekg(0);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const classify::Table table = TRY(classify::ParseCsv(bytes));
    const std::size_t text = TRY(table.Column(text_column));
    const std::size_t label = TRY(table.Column(label_column));
    const auto subject = table.Column("subject");
    for (const auto& row : table.rows) {
      Learn({subject && *subject != text ? row[*subject] : "", row[text], row[label]});
    }
    return {};
  }
  Result<std::string> Answer(const ClassifyInput& input) {
    if (!model_) {
      model_.emplace(TRY(classify::Train(rows_)).model);
    }
    auto answer = model_->Classify(input.subject.text, input.text->text);
    ClassifyOutput output;
    output.abstained = answer.confidence < input.threshold;
    output.label = std::move(answer.label);
    output.confidence = answer.confidence;
    output.words = std::move(answer.words);
    return dto::ToJson(output);
  }
  std::vector<classify::Example> rows_;
  std::optional<classify::Model> model_;
};

}  // namespace

std::vector<Rule> ClassifyRules() {
  Rule rule;
  rule.name = "classify";
  rule.summary = "The label of a text, by a model trained on the rows of the lines before it.";
  rule.example =
      R"({"train":[{"text":"the vpn tunnel is down","label":"vpn"},{"text":"no vpn since monday","label":"vpn"},)"
      R"({"text":"a suspicious mail with a link","label":"phishing"},{"text":"phishing mail in our inbox",)"
      R"("label":"phishing"}],"text":"is the vpn down again?","threshold":0.3})";
  rule.input = &ClassifyInput::Dto();
  rule.output = &ClassifyOutput::Dto();
  rule.begin = [] { return Run(); };
  rule.run = [](std::string_view json) { return Run()(json); };
  return {rule};
}

}  // namespace propolis::app
