// The secret of a reservation, which opens it when the content is shown.
//
// One line, `tributary-reservation-v1 <64 hex digits of the content's SHA-256> <64 of the salt>`,
// readable by its owner only: whoever has the salt can tell what the commitment is of.
#ifndef TRIBUTARY_CLI_RESERVATION_FILE_H_
#define TRIBUTARY_CLI_RESERVATION_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tributary/base/types.h"

namespace tributary::cli {

struct Reservation {
  base::Hash content_sha256;
  base::Hash salt;
};

// Never overwrites a file that exists.
absl::Status WriteReservation(const std::string& path, const Reservation& reservation);
absl::StatusOr<Reservation> ReadReservation(const std::string& path);
absl::StatusOr<Reservation> ParseReservation(std::string_view text, const std::string& path);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_RESERVATION_FILE_H_
