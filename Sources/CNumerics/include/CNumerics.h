/* Special functions and one-dimensional searches of Boost.Math, with plain C types. Outside their domain: NaN. */
#ifndef CNUMERICS_H
#define CNUMERICS_H
#ifdef __cplusplus
extern "C" {
#endif

double cn_normal_quantile(double p);
double cn_normal_upper(double z);
double cn_t_quantile(double p, double df);
double cn_t_upper(double t, double df);
double cn_chi2_quantile(double p, double df);
double cn_chi2_upper(double x, double df);
double cn_beta_quantile(double p, double a, double b);
double cn_f_upper(double f, double df1, double df2);
double cn_noncentral_t_lower(double t, double df, double ncp);
double cn_noncentral_t_upper(double t, double df, double ncp);
double cn_log_gamma(double x);
double cn_gamma_ratio(double a, double b);

typedef double (*cn_function)(double x, void *context);
/* Where a function that changes its sign between low and high is zero (TOMS 748); NaN where it does not change it. */
double cn_root(cn_function f, void *context, double low, double high);
/* Where a function with one valley between low and high is least (Brent). */
double cn_least(cn_function f, void *context, double low, double high);

#ifdef __cplusplus
}
#endif
#endif
