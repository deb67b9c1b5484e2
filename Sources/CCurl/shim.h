#include <curl/curl.h>

// curl_easy_setopt takes any number of arguments, which Swift can not call: one plain function a kind of value.
static inline CURLcode curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_file(CURL *handle, CURLoption option, FILE *value) {
    return curl_easy_setopt(handle, option, value);
}
// Spelled with one L less since 8.2; the old name stands in either.
static inline CURLcode curl_mail_goes_to_those_taken(CURL *handle) {
    return curl_easy_setopt(handle, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
}
static inline CURLcode curl_status(CURL *handle, long *status) {
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, status);
}
