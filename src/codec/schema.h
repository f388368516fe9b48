// The schemas of all messages. Include it only where messages are read or written: it is large.
#ifndef TRIBUTARY_CODEC_SCHEMA_H_
#define TRIBUTARY_CODEC_SCHEMA_H_

#include "codec/schema_accounts.h"
#include "codec/schema_base.h"
#include "codec/schema_cases.h"
#include "codec/schema_governance.h"
#include "codec/schema_money.h"
#include "codec/schema_records.h"
#include "codec/schema_transaction.h"

#endif  // TRIBUTARY_CODEC_SCHEMA_H_
