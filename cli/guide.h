/* SPDX-License-Identifier: MIT */
/* cli/guide.h - one page for a model that writes code for iso4, and for a person who prompts one. */
#ifndef ISO_CLI_GUIDE_H
#define ISO_CLI_GUIDE_H
#include <stdio.h>

/* Prints `iso4 help --agent`, which is also installed as share/iso4/SKILL.md. */
void guide_print(FILE *to);

#endif
