using System.Globalization;
using System.Text;

namespace LayerPeeled.Data.Tests;

public class ClassCountTableTests
{
    [Theory]
    [InlineData("class;count\r\n\"cat; big\";5\r\n\"dog, small\";3\r\n", "5 3", "cat; big|dog, small")]
    [InlineData("\uFEFFclass;count\r\ncat;5\r\ndog;3\r\n", "5 3", "cat|dog")]
    [InlineData("sep=;\nclass;count\ncat;5\ndog;3", "5 3", "cat|dog")]
    [InlineData("class\tcount\ncat\t5\ndog\t3", "5 3", "cat|dog")]
    [InlineData("cat|5\ndog|3", "5 3", "cat|dog")]
    [InlineData("class|n\ncat|5\ndog|3", "5 3", "cat|dog")]
    public void Parse_OtherSeparatorsThanCommas_AreFound(string text, string counts, string names) => AssertRead(text, counts, names);

    // The forms that were misread or refused: pandas, spreadsheets, shells.
    [Theory]
    [InlineData(",0\n0,500\n2,20\n1,7", "500 20 7", "0|2|1")]
    [InlineData(",count\ncat,500\ndog,20", "500 20", "cat|dog")]
    [InlineData("label,count\n0,500\n1,20\n2,7", "500 20 7", null)]
    [InlineData("label,count\n5,500\n1,20", "500 20", "5|1")]
    [InlineData("label,0\ncat,500\ndog,20", "500 20", "cat|dog")]
    [InlineData(",label\n3,500\n0,20\n1,7", "500 20 7", "3|0|1")]
    [InlineData("count,class\n500,0\n20,1\n7,2", "500 20 7", null)]
    [InlineData("count,class\n500,cat\n20,dog", "500 20", "cat|dog")]
    [InlineData("id,count,rank,group\n10,500,1,4\n11,20,2,4", "500 20", "10|11")]
    [InlineData("class_id\tname\tcount\n0\tcat\t500\n1\tdog\t20", "500 20", "cat|dog")]
    [InlineData("# of images\n500\n20", "500 20", null)]
    [InlineData("class,# of images\ncat,500\ndog,20", "500 20", "cat|dog")]
    [InlineData("# of images,class\n500,0\n20,1", "500 20", null)]
    [InlineData("# class,count\n4,500\n2,20", "500 20", "4|2")]
    [InlineData("Class Name,Num_Images\ncat,500\ndog,20", "500 20", "cat|dog")]
    [InlineData("class,Number of training images,accuracy\ncat,500,0.9\ndog,20,0.5", "500 20", "cat|dog")]
    [InlineData("  500 cats/\n   20 dogs/\n  520 total\n", "500 20", "cats/|dogs/")]
    [InlineData("    500 golden retriever\n     20 poodle", "500 20", "golden retriever|poodle")]
    [InlineData("golden retriever   500\npoodle   20", "500 20", "golden retriever|poodle")]
    [InlineData("golden retriever 500\ngerman shepherd 20", "500 20", "golden retriever|german shepherd")]
    [InlineData("cat 500\ndog 20\nbird 7", "500 20 7", "cat|dog|bird")]
    [InlineData("0 500\n1 20\n2 7", "500 20 7", null)]
    [InlineData("500 20 7", "500 20 7", null)]
    [InlineData("500,20,7\n", "500 20 7", null)]
    [InlineData("cat,dog,bird\n500,20,7\n", "500 20 7", "cat|dog|bird")]
    [InlineData("0,500\n1,20\n2,7", "500 20 7", null)]
    [InlineData("1,500\n2,20\n3,7", "500 20 7", "1|2|3")]
    [InlineData("500,1\n20,2\n7,3", "500 20 7", "1|2|3")]
    [InlineData("species,antal\ncat,500\ndog,20", "500 20", "cat|dog")]
    [InlineData("y,500\nn,20", "500 20", "y|n")]
    [InlineData("no,500\nyes,20", "500 20", "no|yes")]
    [InlineData("image,500\npath,20", "500 20", "image|path")]
    [InlineData("class;count\r\ncat;500\r\n;\r\ndog;20\r\n;\r\n", "500 20", "cat|dog")]
    [InlineData("class,count\na,500.0\nb,2e1", "500 20", "a|b")]
    [InlineData("5.000000000000000000e+02\n2.000000000000000000e+01\n", "500 20", null)]
    public void Parse_AsProgramsWriteThem_TakesTheCountsAndTheNames(string text, string counts, string? names) => AssertRead(text, counts, names);

    [Theory]
    [InlineData("class,count\ncat,\"118,800\"\ndog,\"1,234,567\"\nbird,800", "118800 1234567 800")]
    [InlineData("class;count\ncat;1.234.567\ndog;1.234", "1234567 1234")]
    [InlineData("class;count\ncat;1 234\ndog;987", "1234 987")]
    [InlineData("class;count\ncat;1\u00A0234\ndog;1'000", "1234 1000")]
    [InlineData("class;count\ncat;1,5\ndog;0,125", "1.5 0.125")]
    [InlineData("class;count\ncat;1.234,5\ndog;0,125", "1234.5 0.125")]
    [InlineData("class;count\ncat;1,234,567\ndog;1,234", "1234567 1234")]
    [InlineData("class;count\ncat;1.234\ndog;0.5", "1.234 0.5")]
    [InlineData("class;count\ncat;1.234\ndog;2000", "1.234 2000")]
    [InlineData("1.234\n987", "1.234 987")]
    public void Parse_SeparatorsOfThousandsWithoutDoubt_AreRead(string text, string counts) => AssertRead(text, counts, null, checkNames: false);

    [Theory]
    [InlineData("count\n118,800\n900", 2, "118,800")]
    [InlineData("count\n900\n800\n700\n118,800", 5, "118,800")]
    [InlineData("class,count\ncat,118,800\ndog,5", 2, "separator of thousands")]
    [InlineData("118,800\n90,000", null, "must be in quotes")]
    [InlineData("1,000\n2,050\n3,100", 1, "separator of thousands")]
    [InlineData("1,234,567", 1, "thousands")]
    [InlineData("class;count\ncat;1,234\ndog;987", 2, "'1,234' in column 'count'")]
    [InlineData("class;count\ncat;1.234\ndog;987", 2, "may be 1234")]
    [InlineData("class;count\ncat;1,234,567\ndog;1,5", 2, "contradicts")]
    [InlineData("class,count\ncat,\"12,34,56\"\ndog,5", 2, "12,34,56")]
    public void Parse_CommaThatMayBeThousandsOrDecimals_IsRefused(string text, int? line, string message) => AssertRefused(text, line, message);

    [Theory]
    [InlineData("a,b\n5,6\n7,8", "Column 'a' and column 'b' may both", ClassCountRemedy.NameColumn)]
    [InlineData("5,6\n7,8", "Column 1 and column 2 may both", ClassCountRemedy.NameColumn)]
    [InlineData("n_train,n_test,class\n5,6,a\n7,8,b", "Column 'n_train' and column 'n_test'", ClassCountRemedy.NameColumn)]
    [InlineData("4,7,1,800\n9,2,3,20", "may all hold", ClassCountRemedy.NameColumn)]
    [InlineData("label\n3\n0\n1\n0", "holds the classes of examples", ClassCountRemedy.NameColumnOrCountLabels)]
    [InlineData("path,label\na/1.jpg,0\na/2.jpg,1", "No heading says", ClassCountRemedy.NameColumnOrCountLabels)]
    [InlineData(",label\n0,3\n1,7\n2,3", "No heading says", ClassCountRemedy.NameColumnOrCountLabels)]
    [InlineData("a/1.jpg 0\na/2.jpg 1\nb/3.jpg 0\n", "looks like a list of 3 examples", ClassCountRemedy.NameColumnOrCountLabels)]
    [InlineData("train/a/1 0\ntrain/a/2 0\ntrain/b/3 1\ntrain/b/4 1", "looks like a list of 4 examples", ClassCountRemedy.NameColumnOrCountLabels)]
    [InlineData("cat,0\ndog,1\nbird,2", "those of the classes, not their counts", ClassCountRemedy.NameColumn)]
    [InlineData("cat\ndog\ncat", "is not a number", ClassCountRemedy.CountLabels)]
    [InlineData("cat,5\ncat,6", "line 1 too", ClassCountRemedy.NameColumnOrCountLabels)]
    public void Parse_WhatIsAmbiguousOrNoCounts_IsRefusedWithAWayOut(string text, string message, ClassCountRemedy remedy)
    {
        var error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse(text));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(remedy, error.Remedy);
    }

    [Theory]
    [InlineData("0,5\n1,x\n2,7", 2, "'x' in column 2")]
    [InlineData("class,count\ncat,5\ndog,\nbird,7", 3, "'' in column 'count'")]
    [InlineData("class\tcount\ncat\t5\ndog\t3\t1", 3, @"'dog\t3\t1' has 3 columns")]
    [InlineData("sep=\u00E9\nclass;count\ncat;5\ndog;3", 1, "'sep=\u00E9' is not a number")]
    [InlineData("sep=\"\nclass;count\ncat;5\ndog;3", 1, "quote")]
    [InlineData("sep=1\nclass;count\ncat;5\ndog;3", 1, "'sep=1' is not a number")]
    [InlineData("class;count\ncat;5\ndog;-3", 3, "'-3' in column 'count'")]
    [InlineData("5\n\0\u00017", 2, "zero byte")]
    public void Parse_MalformedField_NamesPlaceAndContent(string text, int line, string message) => AssertRefused(text, line, message);

    [Theory]
    [InlineData("n_train", "5 7")]
    [InlineData("N_Test", "6 8")]
    [InlineData("3", "1 2")]
    public void Parse_ColumnGiven_TakesIt(string column, string counts)
    {
        ClassCounts read = ClassCountReader.Parse("n_train,n_test,x\n5,6,1\n7,8,2", new ClassCountOptions { Column = column });
        Assert.Equal(counts, Text(read));
    }

    [Fact]
    public void Parse_ColumnThatIsNotThere_ListsTheColumns()
    {
        var error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse("class,count\na,5", new ClassCountOptions { Column = "total" }));
        Assert.Contains("1 'class', 2 'count'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_IndexWithoutHeading_NotesWhatWasAssumed() =>
        Assert.Contains("column 2 was taken", Assert.Single(ClassCountReader.Parse("0,500\n1,20").Notes), StringComparison.Ordinal);

    [Fact]
    public void Parse_LabelsAsCounts_NotesIt()
    {
        string text = string.Join('\n', Enumerable.Range(0, 100).Select(i => i % 5));
        Assert.Contains("labels", Assert.Single(ClassCountReader.Parse(text).Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cat,5\n#dog,3\nbird,2", "1 line that begins with #")]
    [InlineData("#dog,3\ncat,5\nbird,2", "'#dog,3' above the first row")]
    [InlineData("0\n1\n2\n3", "number the classes")]
    [InlineData("cat,x\ndog,5\nox,3", "'cat,x', was taken for headings")]
    public void Parse_LinesThatMayNotBeWhatTheySeem_AreNoted(string text, string note) =>
        Assert.Contains(note, Assert.Single(ClassCountReader.Parse(text).Notes), StringComparison.Ordinal);

    [Fact]
    public void Parse_NamesThatAreNotUtf8_AreNoted()
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes("class;count\nMönch;5\ndog;3"));
        Assert.Contains("not UTF-8", Assert.Single(ClassCountReader.Read(stream).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NothingButComments_SaysSo() => Assert.Contains(
        "comments", Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse("#cat,5\n#dog,3")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_Weights_AreFoundByTheirHeading() => Assert.Equal(
        "0.5 2", Text(ClassCountReader.Parse("class,count,weight\na,5,0.5\nb,3,2", new ClassCountOptions { Content = ClassFileContent.Weights })));

    [Fact]
    public void Read_Utf16FromASpreadsheet_IsRead()
    {
        using var stream = new MemoryStream([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("class\tcount\r\nMönch\t5\r\nÄbtissin\t3\r\n")]);
        ClassCounts read = ClassCountReader.Read(stream);
        Assert.Equal(["Mönch", "Äbtissin"], read.Names);
        Assert.Equal("5 3", Text(read));
    }

    [Fact]
    public void Parse_MillionRows_AreAllThere()
    {
        var text = new StringBuilder("class,count\n");
        for (int k = 0; k < 1_000_000; k++)
        {
            text.Append(CultureInfo.InvariantCulture, $"class {k},{k % 1000}\n");
        }

        ClassCounts read = ClassCountReader.Parse(text.ToString());
        Assert.Equal(1_000_000, read.Count);
        Assert.Equal(499_500_000, read.Total);
        Assert.Equal("class 999999", read.Names![^1]);
    }

    [Theory]
    [InlineData('7')]
    [InlineData('a')]
    [InlineData('"')]
    [InlineData(',')]
    public void Parse_TenMegabytesInOneLine_IsRefused(char c)
    {
        var error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse("5\n" + new string(c, 10_000_000)));
        Assert.Equal(2, error.LineNumber);
        Assert.True(error.Message.Length < 300);
    }

    [Fact]
    public void Parse_QuoteThatIsNeverClosed_IsRefused() =>
        Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse("class,count\n\"a,5\n" + string.Concat(Enumerable.Repeat("b,5\n", 6_000_000))));

    private static void AssertRead(string text, string counts, string? names, bool checkNames = true)
    {
        ClassCounts read = ClassCountReader.Parse(text);
        Assert.Equal(counts, Text(read));
        if (checkNames)
        {
            Assert.Equal(names?.Split('|'), read.Names);
        }
    }

    private static void AssertRefused(string text, int? line, string message)
    {
        var error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse(text));
        Assert.Equal(line, error.LineNumber);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static string Text(ClassCounts counts) => string.Join(' ', counts.Select(n => n.ToString(CultureInfo.InvariantCulture)));
}
