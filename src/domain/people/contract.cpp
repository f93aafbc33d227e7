#include "domain/people/contract.h"

namespace propolis::people {

const dto::Type& Contract::Dto() {
  static const dto::Type type =
      dto::Object<Contract>("Contract", "What an organisation is promised, and when.")
          .Required("id", &Contract::id, "")
          .Required("name", &Contract::name, "")
          .Required("policy", &Contract::policy, "The SLA policy.")
          .Required("calendar", &Contract::calendar, "When the desk works for it.")
          .Required("channels", &Contract::channels, "Empty: all.")
          .Required("languages", &Contract::languages, "Empty: all.")
          .Required("starts_on", &Contract::starts_on, "YYYY-MM-DD, in the organisation's zone.")
          .Optional("ends_on", &Contract::ends_on, "The last day; absent: open-ended.")
          .Required("version", &Contract::version, "")
          .Done();
  return type;
}

const dto::Type& NewContract::Dto() {
  static const dto::Type type =
      dto::Object<NewContract>("NewContract", "A new contract of an organisation.")
          .Required("name", &NewContract::name, "", dto::Text(1, 120))
          .Required("policy_id", &NewContract::policy_id, "")
          .Required("calendar_id", &NewContract::calendar_id, "")
          .Optional("channels", &NewContract::channels, "Empty: all.", dto::Items(0, 6))
          .Optional("languages", &NewContract::languages, "Empty: all.", dto::Items(0, 3))
          .Required("starts_on", &NewContract::starts_on, "YYYY-MM-DD.", dto::Text(10, 10))
          .Optional("ends_on", &NewContract::ends_on, "YYYY-MM-DD, the last day.", dto::Text(10, 10))
          .Done();
  return type;
}

const dto::Type& ContractChange::Dto() {
  static const dto::Type type =
      dto::Object<ContractChange>("ContractChange", "What to change of a contract.")
          .Optional("name", &ContractChange::name, "", dto::Text(1, 120))
          .Optional("policy_id", &ContractChange::policy_id, "")
          .Optional("calendar_id", &ContractChange::calendar_id, "")
          .Optional("channels", &ContractChange::channels, "", dto::Items(0, 6))
          .Optional("languages", &ContractChange::languages, "", dto::Items(0, 3))
          .Optional("starts_on", &ContractChange::starts_on, "YYYY-MM-DD.", dto::Text(10, 10))
          .Optional("ends_on", &ContractChange::ends_on, "YYYY-MM-DD; null: open-ended.", dto::Text(10, 10))
          .Done();
  return type;
}

}  // namespace propolis::people
