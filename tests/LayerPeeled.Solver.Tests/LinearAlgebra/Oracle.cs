using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Tests.LinearAlgebra;

/// <summary>Products written so that they are obviously right.</summary>
internal static class Oracle
{
    public static double[] Product(bool transposeA, bool transposeB, int m, int n, int k, double[] a, int lda, double[] b, int ldb)
    {
        // Rows of op(A) and columns of op(B) are gathered first: what is left is a dot product.
        double[][] rows = new double[m][];
        for (int i = 0; i < m; i++)
        {
            rows[i] = new double[k];
            for (int l = 0; l < k; l++)
            {
                rows[i][l] = transposeA ? a[l + (i * lda)] : a[i + (l * lda)];
            }
        }

        var c = new double[m * n];
        var column = new double[k];
        for (int j = 0; j < n; j++)
        {
            for (int l = 0; l < k; l++)
            {
                column[l] = transposeB ? b[j + (l * ldb)] : b[l + (j * ldb)];
            }

            for (int i = 0; i < m; i++)
            {
                c[i + (j * m)] = TensorPrimitives.Dot<double>(rows[i], column);
            }
        }

        return c;
    }
}
