package io.kscribe.audio;

/**
 * The power spectrum of 400 real samples.
 *
 * <p>Even and odd samples are taken as the real and imaginary parts of 200 complex ones, whose transform goes through
 * four Stockham passes of radix 4, 2, 5 and 5 (C. Van Loan, "Computational Frameworks for the Fast Fourier Transform",
 * 1992, section 1.7), and is then split. Double precision, since log-mel keeps what lies 80 dB below the loudest, where
 * single precision has already lost the fourth digit. An instance owns scratch memory: not thread-safe.
 */
final class PowerSpectrum {
    static final int SIZE = 400;
    static final int BINS = SIZE / 2 + 1;

    private static final int HALF = SIZE / 2;

    /** cos and -sin of 2 pi i / 400. */
    private static final double[] COS = new double[SIZE];

    private static final double[] SIN = new double[SIZE];

    static {
        for (int i = 0; i < SIZE; i++) {
            COS[i] = Math.cos(2 * Math.PI * i / SIZE);
            SIN[i] = -Math.sin(2 * Math.PI * i / SIZE);
        }
    }

    private static final double COS_1_5 = Math.cos(2 * Math.PI / 5);
    private static final double COS_2_5 = Math.cos(4 * Math.PI / 5);
    private static final double SIN_1_5 = Math.sin(2 * Math.PI / 5);
    private static final double SIN_2_5 = Math.sin(4 * Math.PI / 5);

    private final double[] re1 = new double[HALF];
    private final double[] im1 = new double[HALF];
    private final double[] re2 = new double[HALF];
    private final double[] im2 = new double[HALF];

    /**
     * Computes {@code |DFT|^2}.
     *
     * @param samples {@link #SIZE} samples
     * @param power takes {@link #BINS} values, from 0 Hz to half the sample rate
     */
    void compute(double[] samples, double[] power) {
        for (int i = 0; i < HALF; i++) {
            re1[i] = samples[2 * i];
            im1[i] = samples[2 * i + 1];
        }
        radix4(re1, im1, re2, im2);
        radix2(re2, im2, re1, im1);
        radix5(25, 8, re1, im1, re2, im2);
        radix5(5, 40, re2, im2, re1, im1);
        split(re1, im1, power);
    }

    /** The first pass: length 200, stride 1. */
    private static void radix4(double[] xr, double[] xi, double[] yr, double[] yi) {
        int m = HALF / 4;
        for (int p = 0; p < m; p++) {
            double ar = xr[p];
            double ai = xi[p];
            double br = xr[p + m];
            double bi = xi[p + m];
            double cr = xr[p + 2 * m];
            double ci = xi[p + 2 * m];
            double dr = xr[p + 3 * m];
            double di = xi[p + 3 * m];
            double acr = ar + cr;
            double aci = ai + ci;
            double bdr = br + dr;
            double bdi = bi + di;
            double sr = ar - cr;
            double si = ai - ci;
            double tr = bi - di;
            double ti = dr - br;
            int w = 2 * p;
            int q = 4 * p;
            yr[q] = acr + bdr;
            yi[q] = aci + bdi;
            multiply(sr + tr, si + ti, w, yr, yi, q + 1);
            multiply(acr - bdr, aci - bdi, 2 * w, yr, yi, q + 2);
            multiply(sr - tr, si - ti, 3 * w, yr, yi, q + 3);
        }
    }

    /** The second pass: length 50, stride 4. */
    private static void radix2(double[] xr, double[] xi, double[] yr, double[] yi) {
        int m = 25;
        int stride = 4;
        for (int p = 0; p < m; p++) {
            double wr = COS[8 * p];
            double wi = SIN[8 * p];
            for (int q = 0; q < stride; q++) {
                int from = q + stride * p;
                int to = q + stride * 2 * p;
                double ar = xr[from];
                double ai = xi[from];
                double br = xr[from + stride * m];
                double bi = xi[from + stride * m];
                double sr = ar - br;
                double si = ai - bi;
                yr[to] = ar + br;
                yi[to] = ai + bi;
                yr[to + stride] = sr * wr - si * wi;
                yi[to + stride] = sr * wi + si * wr;
            }
        }
    }

    private static void radix5(int length, int stride, double[] xr, double[] xi, double[] yr, double[] yi) {
        int m = length / 5;
        int turn = SIZE / length;
        for (int p = 0; p < m; p++) {
            double w1r = COS[turn * p];
            double w1i = SIN[turn * p];
            double w2r = COS[2 * turn * p];
            double w2i = SIN[2 * turn * p];
            double w3r = COS[3 * turn * p];
            double w3i = SIN[3 * turn * p];
            double w4r = COS[4 * turn * p];
            double w4i = SIN[4 * turn * p];
            for (int q = 0; q < stride; q++) {
                int from = q + stride * p;
                int to = q + stride * 5 * p;
                double ar = xr[from];
                double ai = xi[from];
                double br = xr[from + stride * m];
                double bi = xi[from + stride * m];
                double cr = xr[from + stride * 2 * m];
                double ci = xi[from + stride * 2 * m];
                double dr = xr[from + stride * 3 * m];
                double di = xi[from + stride * 3 * m];
                double er = xr[from + stride * 4 * m];
                double ei = xi[from + stride * 4 * m];
                double ber = br + er;
                double bei = bi + ei;
                double cdr = cr + dr;
                double cdi = ci + di;
                double bmr = br - er;
                double bmi = bi - ei;
                double cmr = cr - dr;
                double cmi = ci - di;
                double s1r = ar + COS_1_5 * ber + COS_2_5 * cdr;
                double s1i = ai + COS_1_5 * bei + COS_2_5 * cdi;
                double s2r = ar + COS_2_5 * ber + COS_1_5 * cdr;
                double s2i = ai + COS_2_5 * bei + COS_1_5 * cdi;
                double t1r = SIN_1_5 * bmi + SIN_2_5 * cmi;
                double t1i = -SIN_1_5 * bmr - SIN_2_5 * cmr;
                double t2r = SIN_2_5 * bmi - SIN_1_5 * cmi;
                double t2i = -SIN_2_5 * bmr + SIN_1_5 * cmr;
                yr[to] = ar + ber + cdr;
                yi[to] = ai + bei + cdi;
                double u1r = s1r + t1r;
                double u1i = s1i + t1i;
                yr[to + stride] = u1r * w1r - u1i * w1i;
                yi[to + stride] = u1r * w1i + u1i * w1r;
                double u2r = s2r + t2r;
                double u2i = s2i + t2i;
                yr[to + 2 * stride] = u2r * w2r - u2i * w2i;
                yi[to + 2 * stride] = u2r * w2i + u2i * w2r;
                double u3r = s2r - t2r;
                double u3i = s2i - t2i;
                yr[to + 3 * stride] = u3r * w3r - u3i * w3i;
                yi[to + 3 * stride] = u3r * w3i + u3i * w3r;
                double u4r = s1r - t1r;
                double u4i = s1i - t1i;
                yr[to + 4 * stride] = u4r * w4r - u4i * w4i;
                yi[to + 4 * stride] = u4r * w4i + u4i * w4r;
            }
        }
    }

    private static void multiply(double r, double i, int w, double[] yr, double[] yi, int at) {
        yr[at] = r * COS[w] - i * SIN[w];
        yi[at] = r * SIN[w] + i * COS[w];
    }

    /** From the transform of the paired samples to the power of the transform of all, two bins at a time. */
    private static void split(double[] re, double[] im, double[] power) {
        double even = re[0];
        double odd = im[0];
        power[0] = (even + odd) * (even + odd);
        power[HALF] = (even - odd) * (even - odd);
        for (int k = 1; k <= HALF / 2; k++) {
            double er = 0.5 * (re[k] + re[HALF - k]);
            double ei = 0.5 * (im[k] - im[HALF - k]);
            double or = 0.5 * (im[k] + im[HALF - k]);
            double oi = -0.5 * (re[k] - re[HALF - k]);
            double tr = or * COS[k] - oi * SIN[k];
            double ti = or * SIN[k] + oi * COS[k];
            power[k] = (er + tr) * (er + tr) + (ei + ti) * (ei + ti);
            power[HALF - k] = (er - tr) * (er - tr) + (ei - ti) * (ei - ti);
        }
    }
}
