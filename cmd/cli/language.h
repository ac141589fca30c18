/* Which language people read. */
#ifndef CLI_LANGUAGE_H
#define CLI_LANGUAGE_H

/* Of --lang, PORTALCTL_LANG, LC_ALL, LC_MESSAGES and LANG the first that is set
 * (and not empty): "pt_BR" where it begins with pt, otherwise "en". */
const char *language_choose(const char *option, const char *(*env)(const char *name));

/* Sets the process up for "pt_BR" or "en". Numbers keep the C locale, because other parts
 * of the program print and read them for machines. Catalogues lie in ../share/locale
 * beside the folder of the program. May be called again. */
void language_use(const char *language);

#endif
