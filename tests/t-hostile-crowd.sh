#!/bin/sh
# SPDX-License-Identifier: MIT
# The full tables of t-crowd.sh: 200 jobs at --jobs 1, 4, 16, 64 and 200, in all its scenes and as both users.
CROWD=full exec sh "${0%/*}/t-crowd.sh"
