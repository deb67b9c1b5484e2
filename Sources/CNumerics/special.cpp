#include "CNumerics.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>

using namespace boost::math;

namespace {
// No exception may cross into C: whatever Boost refuses becomes NaN.
template <typename F> double plain(F body) {
  try {
    return body();
  } catch (...) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}
}  // namespace

extern "C" {

double cn_normal_quantile(double p) { return plain([&] { return quantile(normal(), p); }); }
double cn_normal_upper(double z) { return plain([&] { return cdf(complement(normal(), z)); }); }
double cn_t_quantile(double p, double df) { return plain([&] { return quantile(students_t(df), p); }); }
double cn_t_upper(double t, double df) { return plain([&] { return cdf(complement(students_t(df), t)); }); }
double cn_chi2_quantile(double p, double df) { return plain([&] { return quantile(chi_squared(df), p); }); }
double cn_chi2_upper(double x, double df) { return plain([&] { return cdf(complement(chi_squared(df), x)); }); }
double cn_beta_quantile(double p, double a, double b) {
  return plain([&] { return quantile(beta_distribution<>(a, b), p); });
}
double cn_f_upper(double f, double df1, double df2) {
  return plain([&] { return cdf(complement(fisher_f(df1, df2), f)); });
}
double cn_noncentral_t_lower(double t, double df, double ncp) {
  return plain([&] { return cdf(non_central_t(df, ncp), t); });
}
double cn_noncentral_t_upper(double t, double df, double ncp) {
  return plain([&] { return cdf(complement(non_central_t(df, ncp), t)); });
}
double cn_log_gamma(double x) { return plain([&] { return lgamma(x); }); }
double cn_gamma_ratio(double a, double b) { return plain([&] { return tgamma_ratio(a, b); }); }

double cn_root(cn_function f, void *context, double low, double high) {
  return plain([&] {
    std::uintmax_t steps = 200;
    auto found = tools::toms748_solve([&](double x) { return f(x, context); }, low, high, tools::eps_tolerance<double>(52), steps);
    return (found.first + found.second) / 2;
  });
}

double cn_least(cn_function f, void *context, double low, double high) {
  return plain([&] {
    std::uintmax_t steps = 500;
    return tools::brent_find_minima([&](double x) { return f(x, context); }, low, high, 40, steps).first;
  });
}
}
